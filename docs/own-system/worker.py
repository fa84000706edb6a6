"""Brings one article from S3 into PostgreSQL and Redis; failing, puts everything back as it was and ends with code 75."""
import hashlib, os, pathlib, sys, time, urllib.request
import psycopg, redis
from redis.backoff import NoBackoff
from redis.retry import Retry

kind, slug, bucket, key = sys.argv[1:5]
buggy = os.environ.get("WORKER_BUG") == "1"
cache = redis.Redis.from_url(os.environ["REDIS_URL"], retry=Retry(NoBackoff(), 0), socket_timeout=5)

def tries(times, work, *arguments):
    for left in reversed(range(times)):
        try:
            return work(*arguments)
        except (OSError, psycopg.Error, redis.RedisError):
            if left == 0: raise
            time.sleep(0.1)

def database():  # as a context: commits at its end, or rolls back
    return psycopg.connect(os.environ["POSTGRES_URL"], connect_timeout=5)

def make_tables():
    with database() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(75)")  # the workers start together
        connection.execute(pathlib.Path(__file__).with_name("schema.sql").read_text())

def download():
    with urllib.request.urlopen(f"{os.environ['S3_ENDPOINT_URL']}/{bucket}/{key}", timeout=10) as answer:
        source = answer.read()
    return hashlib.sha256(source).hexdigest(), source.decode(errors="replace").split("\n\n")

def read():  # the article as it is: its hash and paragraphs, or None
    with database() as connection:
        found = connection.execute("SELECT sha FROM articles WHERE slug = %s", [slug]).fetchone()
        rows = connection.execute("SELECT body FROM paragraphs WHERE slug = %s ORDER BY number", [slug]).fetchall()
    return found and (found[0], [body for body, in rows])

def write_database(article):
    with database() as connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles WHERE slug = %s", [slug])
        if article:
            cursor.execute("INSERT INTO articles VALUES (%s, %s)", [slug, article[0]])
            cursor.executemany("INSERT INTO paragraphs VALUES (%s, %s, %s)", [(slug, n, p) for n, p in enumerate(article[1])])

def write_cache(article):
    if article: cache.hset(f"article:{slug}", mapping={"sha": article[0], "paragraphs": len(article[1])})
    else: cache.delete(f"article:{slug}")

undo = []
try:
    article = None if kind == "delete" else tries(3, download)
    if buggy: tries(3, write_cache, article)  # first, and never undone
    tries(3, make_tables)
    former = tries(3, read)
    for write in [write_database] if buggy else [write_database, write_cache]:
        undo.append(write)  # before it is done: its answer may be what gets lost
        tries(3, write, article)
except Exception as error:
    for write in reversed(undo): tries(300, write, former)
    print(f"{type(error).__name__}: {error}".splitlines()[0], file=sys.stderr)
    sys.exit(75)
