"""Operations come in as lines of JSON, results go out as lines of JSON, in the same order.

Drivers import this before their client: where a client draws by chance how long it waits, chance is the middle.
"""

import gc
import importlib.metadata
import json
import random
import sys

random.random = lambda: 0.5


def serve(operations, describe, package):
    """Answers until standard input ends.

    operations: by name, functions of the line's other fields; what they return is the value.
    describe: what more an error of this client tells than its class.
    package: whose version the operation `version` tells.
    """
    operations = operations | {"version": lambda: importlib.metadata.version(package)}
    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        operation = operations[asked.pop("operation")]
        try:
            answer = {"value": operation(**asked)}
        except Exception as error:
            answer = {"error": failure(error, describe(error))}
        # Some libraries leave a connection to the collector when a call has failed on the way.
        gc.collect()
        print(json.dumps(answer), flush=True)


def failure(error, code):
    """The classes, with their modules, from the error's own up to Exception; a code where there is one."""
    classes = [named(kind) for kind in type(error).__mro__ if issubclass(kind, BaseException)]
    return {"classes": classes, "code": code, "message": str(error)}


def named(kind):
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
