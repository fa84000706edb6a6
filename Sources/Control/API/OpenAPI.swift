import Stores

/// The description of our own API in OpenAPI 3.1, for clients that are generated and for tests.
enum OpenAPI {
    static let answer = APIAnswer(status: 200, body: Array(text.utf8))

    static let text = #"""
        {
          "openapi": "3.1.0",
          "info": {
            "title": "Faultline's control API", "version": "1",
            "description": "Links and faults of a standing proxy, changed while traffic flows. Times in answers are milliseconds; durations in requests are texts such as 250ms, 30s or 5m."
          },
          "paths": {
            "/v1/openapi.json": {
              "get": { "summary": "This description", "operationId": "description", "responses": {
                "200": { "description": "OpenAPI", "content": { "application/json": { "schema": { "type": "object" } } } },
                "default": { "$ref": "#/components/responses/Refusal" } } }
            },
            "/v1/links": {
              "get": { "summary": "All links", "operationId": "links", "responses": {
                "200": { "description": "In the order of adding", "content": { "application/json": { "schema": {
                  "type": "object", "required": ["links"], "additionalProperties": false,
                  "properties": { "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } } } } } } },
                "default": { "$ref": "#/components/responses/Refusal" } } },
              "post": { "summary": "Opens a link", "operationId": "addLink",
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/NewLink" } } } },
                "responses": {
                  "201": { "description": "Where it listens", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Link" } } } },
                  "default": { "$ref": "#/components/responses/Refusal" } } }
            },
            "/v1/links/{name}": {
              "parameters": [ { "$ref": "#/components/parameters/LinkName" } ],
              "get": { "summary": "A link", "operationId": "link", "responses": {
                "200": { "description": "The link", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Link" } } } },
                "default": { "$ref": "#/components/responses/Refusal" } } },
              "patch": { "summary": "Changes where a link listens and leads to, and whether it is open", "operationId": "changeLink",
                "description": "One that comes to listen or lead elsewhere, or is disabled, loses its connections. Its faults stay.",
                "requestBody": { "required": true, "content": { "application/json": { "schema": {
                  "type": "object", "additionalProperties": false, "properties": {
                    "listen": { "type": "string", "minLength": 1 }, "upstream": { "type": "string", "minLength": 1 },
                    "enabled": { "type": "boolean" } } } } } },
                "responses": {
                  "200": { "description": "The link as it is now", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Link" } } } },
                  "default": { "$ref": "#/components/responses/Refusal" } } },
              "delete": { "summary": "Closes a link, with its connections and faults", "operationId": "removeLink", "responses": {
                "204": { "description": "It is closed" }, "default": { "$ref": "#/components/responses/Refusal" } } }
            },
            "/v1/faults": {
              "parameters": [
                { "name": "link", "in": "query", "schema": { "type": "string" } },
                { "name": "name", "in": "query", "schema": { "type": "string" } },
                { "name": "lease", "in": "query", "schema": { "type": "string" } } ],
              "get": { "summary": "Faults, and how often each has struck", "operationId": "faults", "responses": {
                "200": { "description": "In the order in which they are asked", "content": { "application/json": { "schema": {
                  "type": "object", "required": ["faults"], "additionalProperties": false,
                  "properties": { "faults": { "type": "array", "items": { "$ref": "#/components/schemas/Fault" } } } } } } },
                "default": { "$ref": "#/components/responses/Refusal" } } },
              "post": { "summary": "Injects a fault, at once on open connections", "operationId": "addFault",
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/NewFault" } } } },
                "responses": {
                  "201": { "description": "It is in force", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Fault" } } } },
                  "default": { "$ref": "#/components/responses/Refusal" } } },
              "delete": { "summary": "Heals the faults that the query means, or all", "operationId": "heal", "responses": {
                "200": { "$ref": "#/components/responses/Healed" }, "default": { "$ref": "#/components/responses/Refusal" } } }
            },
            "/v1/faults/{number}": {
              "parameters": [ { "name": "number", "in": "path", "required": true, "schema": { "type": "integer", "minimum": 1 } } ],
              "get": { "summary": "A fault", "operationId": "fault", "responses": {
                "200": { "description": "The fault", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Fault" } } } },
                "default": { "$ref": "#/components/responses/Refusal" } } },
              "put": { "summary": "Puts another fault in its place", "operationId": "changeFault",
                "description": "Other faults go on counting. What it has counted itself stays if it strikes the same as before.",
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/NewFault" } } } },
                "responses": {
                  "200": { "description": "It is in force", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Fault" } } } },
                  "default": { "$ref": "#/components/responses/Refusal" } } },
              "delete": { "summary": "Heals a fault", "operationId": "removeFault", "responses": {
                "204": { "description": "It is healed" }, "default": { "$ref": "#/components/responses/Refusal" } } }
            },
            "/v1/leases": {
              "get": { "summary": "All leases", "operationId": "leases", "responses": {
                "200": { "description": "In the order of taking", "content": { "application/json": { "schema": {
                  "type": "object", "required": ["leases"], "additionalProperties": false,
                  "properties": { "leases": { "type": "array", "items": { "$ref": "#/components/schemas/Lease" } } } } } } },
                "default": { "$ref": "#/components/responses/Refusal" } } }
            },
            "/v1/leases/{owner}": {
              "parameters": [ { "name": "owner", "in": "path", "required": true, "schema": { "type": "string", "minLength": 1, "maxLength": 255 } } ],
              "put": { "summary": "Takes a lease, or renews it", "operationId": "takeLease",
                "description": "Faults that name it heal when it runs out: when their owner is gone. With a scope they strike nothing outside it, so that many tests share the links; renewing without one leaves it as it is.",
                "requestBody": { "required": true, "content": { "application/json": { "schema": {
                  "type": "object", "additionalProperties": false, "required": ["for"],
                  "properties": { "for": { "$ref": "#/components/schemas/Duration" }, "scope": { "$ref": "#/components/schemas/Scope" } } } } } },
                "responses": {
                  "200": { "description": "The lease", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Lease" } } } },
                  "default": { "$ref": "#/components/responses/Refusal" } } },
              "delete": { "summary": "Ends a lease and heals its faults", "operationId": "endLease", "responses": {
                "200": { "$ref": "#/components/responses/Healed" }, "default": { "$ref": "#/components/responses/Refusal" } } }
            },
            "/v1/attachments": {
              "get": { "summary": "The runs that are attached", "operationId": "attachments", "responses": {
                "200": { "description": "In the order of attaching", "content": { "application/json": { "schema": {
                  "type": "object", "required": ["attachments"], "additionalProperties": false,
                  "properties": { "attachments": { "type": "array", "items": { "$ref": "#/components/schemas/Attachment" } } } } } } },
                "default": { "$ref": "#/components/responses/Refusal" } } },
              "post": { "summary": "Gives links to a run, as long as it renews its lease", "operationId": "attach",
                "description": "Refused where another run has one of them, or a fault is in force on it. Who changes them meanwhile is noted.",
                "requestBody": { "required": true, "content": { "application/json": { "schema": {
                  "type": "object", "additionalProperties": false, "required": ["owner", "links", "for"],
                  "properties": {
                    "owner": { "type": "string", "minLength": 1, "maxLength": 255, "description": "The run: names its lease too" },
                    "links": { "type": "array", "minItems": 1, "uniqueItems": true, "items": { "type": "string", "minLength": 1 } },
                    "for": { "$ref": "#/components/schemas/Duration" } } } } } },
                "responses": {
                  "201": { "description": "They are the run's", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/AttachmentState" } } } },
                  "default": { "$ref": "#/components/responses/Refusal" } } }
            },
            "/v1/attachments/{owner}": {
              "parameters": [ { "$ref": "#/components/parameters/Run" } ],
              "get": { "summary": "How far its faults have come, and what is under way on its links", "operationId": "attachment", "responses": {
                "200": { "description": "As it is now", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/AttachmentState" } } } },
                "default": { "$ref": "#/components/responses/Refusal" } } },
              "put": { "summary": "Renews its lease", "operationId": "renewAttachment",
                "requestBody": { "required": true, "content": { "application/json": { "schema": {
                  "type": "object", "additionalProperties": false, "required": ["for"],
                  "properties": { "for": { "$ref": "#/components/schemas/Duration" } } } } } },
                "responses": {
                  "200": { "description": "As it is now", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/AttachmentState" } } } },
                  "default": { "$ref": "#/components/responses/Refusal" } } },
              "delete": { "summary": "Gives the links back and heals the run's faults", "operationId": "detach", "responses": {
                "204": { "description": "They are free" }, "default": { "$ref": "#/components/responses/Refusal" } } }
            },
            "/v1/attachments/{owner}/plan": {
              "parameters": [ { "$ref": "#/components/parameters/Run" } ],
              "put": { "summary": "Puts the run's faults in force, all at once, in the place of those before", "operationId": "replacePlan",
                "description": "Their times count from now. One that strikes the same as before under the same id goes on counting. They heal with the run's lease.",
                "requestBody": { "required": true, "content": { "application/json": { "schema": {
                  "type": "object", "additionalProperties": false, "required": ["seed", "faults"],
                  "properties": {
                    "seed": { "description": "Of their random decisions; as a text where it is above 2^63", "type": ["integer", "string"] },
                    "faults": { "type": "array", "items": { "$ref": "#/components/schemas/PlannedFault" } } } } } } },
                "responses": {
                  "200": { "description": "In force since then, in nanoseconds of the history", "content": { "application/json": { "schema": {
                    "type": "object", "required": ["time"], "additionalProperties": false, "properties": { "time": { "type": "integer" } } } } } },
                  "default": { "$ref": "#/components/responses/Refusal" } } }
            },
            "/v1/attachments/{owner}/marks": {
              "parameters": [ { "$ref": "#/components/parameters/Run" } ],
              "post": { "summary": "Marks the place in the run's history before which is everything that happened so far", "operationId": "mark",
                "requestBody": { "required": true, "content": { "application/json": { "schema": {
                  "type": "object", "additionalProperties": false, "required": ["number"],
                  "properties": { "number": { "type": "integer", "minimum": 1, "maximum": 2147483647 } } } } } },
                "responses": {
                  "204": { "description": "The mark is on its way" }, "default": { "$ref": "#/components/responses/Refusal" } } }
            },
            "/v1/attachments/{owner}/history": {
              "parameters": [ { "$ref": "#/components/parameters/Run" } ],
              "get": { "summary": "The history of the run's links as it is made, without loss", "operationId": "history",
                "description": "Records of a history's file, with marks among them: what faultline itself reads. It ends with the attachment, and the attachment with it.",
                "responses": {
                  "200": { "description": "Records from now on", "content": { "application/octet-stream": { "schema": { "type": "string" } } } },
                  "default": { "$ref": "#/components/responses/Refusal" } } }
            },
            "/v1/events": {
              "parameters": [
                { "name": "link", "in": "query", "schema": { "type": "string" } },
                { "name": "operation", "in": "query", "schema": { "type": "string" } },
                { "name": "key", "in": "query", "schema": { "type": "string" } },
                { "name": "kind", "in": "query", "schema": { "enum": ["opened", "unreachable", "message", "opaque", "closed", "reset"] } },
                { "name": "direction", "in": "query", "schema": { "enum": ["request", "response"] } },
                { "name": "struck", "in": "query", "description": "'any', or a fault's number", "schema": { "type": "string", "pattern": "^(any|[1-9][0-9]{0,8})$" } } ],
              "get": { "summary": "The wire history as it is made", "operationId": "events",
                "description": "Server-sent events: 'wire' with an event as in wire.ndjson, whose 'window' is the number of the fault that struck; 'missed' with how many could not be told. It never ends of itself.",
                "responses": {
                  "200": { "description": "Events from now on", "content": { "text/event-stream": { "schema": { "type": "string" } } } },
                  "default": { "$ref": "#/components/responses/Refusal" } } }
            }
          },
          "components": {
            "parameters": {
              "Run": { "name": "owner", "in": "path", "required": true, "schema": { "type": "string", "minLength": 1, "maxLength": 255 } },
              "LinkName": { "name": "name", "in": "path", "required": true, "schema": { "type": "string", "minLength": 1 } }
            },
            "responses": {
              "Refusal": { "description": "Why not, and how to mend it", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } } },
              "Healed": { "description": "Which faults were healed", "content": { "application/json": { "schema": {
                "type": "object", "required": ["healed"], "additionalProperties": false,
                "properties": { "healed": { "type": "array", "items": { "type": "integer" } } } } } } }
            },
            "schemas": {
              "Error": { "type": "object", "required": ["error", "status"], "additionalProperties": false,
                "properties": { "error": { "type": "string" }, "status": { "type": "integer" } } },
              "Duration": { "type": "string", "description": "Up to a day", "pattern": "^[1-9][0-9]{0,3}(ms|s)$", "examples": ["30s"] },
              "Link": { "type": "object", "additionalProperties": false,
                "required": ["name", "protocol", "service", "listen", "upstream", "enabled", "source", "faults"],
                "properties": {
                  "name": { "type": "string" }, "protocol": { "$ref": "#/components/schemas/Protocol" },
                  "service": { "type": ["string", "null"] }, "listen": { "type": "array", "minItems": 1, "items": { "type": "string" } },
                  "upstream": { "type": "string" }, "enabled": { "type": "boolean" },
                  "source": { "enum": ["command-line", "file", "api"] }, "faults": { "type": "array", "items": { "type": "integer" } } } },
              "Protocol": { "enum": ["tcp", "http", "postgres", "redis", "bolt"] },
              "NewLink": { "type": "object", "additionalProperties": false, "required": ["name", "protocol", "upstream"],
                "properties": {
                  "name": { "type": "string", "minLength": 1, "maxLength": 255 }, "protocol": { "$ref": "#/components/schemas/Protocol" },
                  "service": { "enum": ["postgres", "neo4j", "qdrant", "redis", "s3", "openai", "temporal"] },
                  "listen": { "type": "string", "description": "HOST:PORT, [IPv6]:PORT or unix:PATH; port 0, which it is unless given, takes a free one" },
                  "upstream": { "type": "string" }, "enabled": { "type": "boolean" },
                  "lanes": { "type": "integer", "minimum": 1, "maximum": 64, "description": "How many listeners; further ones take a free port" },
                  "host": { "enum": ["keep", "upstream"] }, "ca": { "type": "string" }, "connect-timeout": { "type": "string" } } },
              "NewFault": { "type": "object", "additionalProperties": false, "required": ["on", "inject"],
                "description": "An entry of 'faults:' as experiments have it, with a time or a lease after which it heals",
                "properties": {
                  "name": { "type": "string", "minLength": 1 }, "on": { "type": "string", "description": "The link" },
                  "inject": { "description": "A kind, or { KIND: { ATTRIBUTES } }; see docs/faults.md", "type": ["string", "object"],
                    "examples": [{ "latency": { "delay": "200ms" } }] },
                  "when": { "type": "object", "description": "Which messages or connections; see docs/faults.md" },
                  "from": { "type": "string" }, "until": { "type": "string" },
                  "for": { "$ref": "#/components/schemas/Duration" }, "lease": { "type": "string", "minLength": 1 } } },
              "Fault": { "type": "object", "additionalProperties": false,
                "required": ["number", "name", "link", "kind", "source", "lease", "remaining_ms", "matched", "struck", "not_applied", "open"],
                "properties": {
                  "number": { "type": "integer" }, "name": { "type": ["string", "null"] }, "link": { "type": "string" },
                  "kind": { "type": ["string", "null"], "description": "null: it has no effect" },
                  "inject": {}, "when": {}, "toxic": { "type": "object", "description": "As Toxiproxy's clients know it" },
                  "source": { "enum": ["command-line", "file", "api"] }, "lease": { "type": ["string", "null"] },
                  "remaining_ms": { "type": ["integer", "null"] }, "matched": { "type": "integer" }, "struck": { "type": "integer" },
                  "not_applied": { "type": "integer" }, "open": { "type": "boolean" } } },
              "PlannedFault": { "type": "object", "additionalProperties": false, "required": ["id", "on", "inject"],
                "description": "An entry of 'faults:' as experiments have it, with its number",
                "properties": {
                  "id": { "type": "integer", "minimum": 1, "maximum": 1000000, "description": "The 'window' of the run's history" },
                  "name": { "type": "string", "minLength": 1 }, "on": { "type": "string", "description": "A link of the run's" },
                  "inject": { "type": ["string", "object"], "examples": [{ "latency": { "delay": "200ms" } }] },
                  "when": { "type": "object" }, "from": { "type": ["string", "object"] }, "until": { "type": "string" },
                  "for": { "type": "string" } } },
              "Attachment": { "type": "object", "additionalProperties": false,
                "required": ["owner", "links", "remaining_ms", "disturbances"],
                "properties": { "owner": { "type": "string" }, "links": { "type": "array", "items": { "type": "string" } },
                  "remaining_ms": { "type": "integer" },
                  "disturbances": { "type": "array", "items": { "type": "string" }, "description": "What others did to its links and faults" } } },
              "AttachmentState": { "type": "object", "additionalProperties": false,
                "required": ["owner", "links", "remaining_ms", "disturbances", "time", "calls", "bytes", "connections", "faults"],
                "properties": { "owner": { "type": "string" }, "links": { "type": "array", "items": { "type": "string" } },
                  "remaining_ms": { "type": "integer" }, "disturbances": { "type": "array", "items": { "type": "string" } },
                  "time": { "type": "integer", "description": "Of the history, in nanoseconds" },
                  "calls": { "type": "integer", "description": "Requests on http links without their answer" },
                  "bytes": { "type": "integer", "description": "Held or delayed" }, "connections": { "type": "integer" },
                  "faults": { "type": "array", "items": { "type": "object", "additionalProperties": false,
                    "required": ["id", "matched", "struck", "not_applied", "damage", "opened", "closed"],
                    "properties": { "id": { "type": "integer" }, "matched": { "type": "integer" }, "struck": { "type": "integer" },
                      "not_applied": { "type": "integer" }, "damage": { "type": "boolean" },
                      "opened": { "type": ["integer", "null"] }, "closed": { "type": ["integer", "null"] } } } } } },
              "Scope": { "type": "object", "additionalProperties": false, "minProperties": 1,
                "description": "Whose messages and connections: those of which one mark says so",
                "properties": {
                  "header": { "description": "HTTP: of the request", "anyOf": [ { "$ref": "#/components/schemas/Header" },
                    { "type": "array", "minItems": 1, "maxItems": 1000, "items": { "$ref": "#/components/schemas/Header" } } ] },
                  "key": { "description": "A glob: a Redis key, an object's key", "$ref": "#/components/schemas/Words" },
                  "document": { "description": "An id, as a whole word in a key, a path, a statement or its parameters", "$ref": "#/components/schemas/Words" },
                  "source-port": { "description": "Of the client: 40000, or 40000-40099", "anyOf": [ { "$ref": "#/components/schemas/Ports" },
                    { "type": "array", "minItems": 1, "maxItems": 1000, "items": { "$ref": "#/components/schemas/Ports" } } ] } } },
              "Header": { "anyOf": [ { "type": ["string", "number", "boolean"], "pattern": "^[A-Za-z0-9-]+$" },
                { "type": "object", "additionalProperties": false, "required": ["name"],
                  "properties": { "name": { "type": ["string", "number", "boolean"], "pattern": "^[A-Za-z0-9-]+$" },
                    "value": { "type": ["string", "number", "boolean"], "description": "A glob" } } } ] },
              "Words": { "anyOf": [ { "$ref": "#/components/schemas/Word" },
                { "type": "array", "minItems": 1, "maxItems": 1000, "items": { "$ref": "#/components/schemas/Word" } } ] },
              "Word": { "description": "What is no text is taken as it is written", "type": ["string", "number", "boolean"], "minLength": 1 },
              "Ports": { "anyOf": [ { "type": "integer", "minimum": 1, "maximum": 65535 },
                { "type": "string", "pattern": "^[1-9][0-9]{0,3}$" } ] },
              "Lease": { "type": "object", "additionalProperties": false, "required": ["owner", "remaining_ms", "scope", "faults"],
                "properties": { "owner": { "type": "string" }, "remaining_ms": { "type": "integer" }, "scope": { "type": ["object", "null"] },
                  "faults": { "type": "array", "items": { "type": "integer" } } } }
            }
          }
        }
        """#
}
