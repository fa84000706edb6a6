"""All clients of one worker, and what is made of them."""

from dataclasses import dataclass

from pipeline.breaker import Breaker
from pipeline.dead_letters import DeadLetters
from pipeline.download import Downloader
from pipeline.embeddings import Embedder
from pipeline.idempotency import ResultCache
from pipeline.lock import DocumentLock
from pipeline.saga import WriteSaga
from pipeline.settings import Settings
from pipeline.stores import Store
from pipeline.stores.database import Database
from pipeline.stores.neo4j import Neo4jStore
from pipeline.stores.postgres import PostgresStore
from pipeline.stores.qdrant import QdrantStore
from pipeline.stores.redis import RedisStore, redis_client
from pipeline.stores.saga_log import SagaLog


@dataclass(frozen=True)
class Runtime:
    downloader: Downloader
    embedder: Embedder
    saga: WriteSaga
    database: Database

    @classmethod
    async def open(cls, settings: Settings) -> "Runtime":
        """Connects when it first needs to: a service may be down when the worker starts."""
        timeout = settings.saga.store_timeout
        database = Database(settings.postgres, timeout)
        await database.open()
        client = redis_client(settings.redis)
        log = SagaLog(database)
        stores: list[Store] = [
            PostgresStore(database),
            Neo4jStore(settings.neo4j, timeout),
            QdrantStore(settings.qdrant, timeout),
            RedisStore(client, timeout),
        ]
        saga = WriteSaga(
            stores=stores,
            log=log,
            lock=DocumentLock(client, settings.saga),
            cache=ResultCache(client, log),
            breakers={
                store.name: Breaker(store.name, settings.saga.breaker_failures, settings.saga.breaker_open)
                for store in stores
            },
            dead_letters=DeadLetters(database),
            settings=settings.saga,
        )
        return cls(Downloader(settings), Embedder(settings.embedding_model), saga, database)

    async def close(self) -> None:
        for store in self.saga.stores:
            await store.close()
        await self.saga.lock.close()
        await self.embedder.close()
        await self.database.close()
