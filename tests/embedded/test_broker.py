"""The embedded broker: closed to strangers, and never forgets what is queued to make room."""

from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import redis
from celery import Celery

from partnerpanel.embedded.connection import Servers
from partnerpanel.embedded.ports import LOOPBACK


def test_it_never_evicts_and_keeps_broker_and_cache_apart(servers: Servers) -> None:
    with redis.Redis.from_url(servers.redis_url) as queue, redis.Redis.from_url(servers.cache_url) as cache:
        assert queue.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        cache.flushdb()
        queue.set("kept", "yes")
        cache.flushdb()
        assert queue.get("kept") == b"yes"


def test_it_answers_on_loopback_to_those_who_know_the_password(servers: Servers) -> None:
    address = urlsplit(servers.redis_url)
    assert address.hostname == LOOPBACK
    with (
        redis.Redis(host=LOOPBACK, port=address.port or 0) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()


def test_a_task_goes_through_it(broker: str) -> None:
    prefix = f"partnerpanel-test-{uuid4().hex}-"
    app = Celery("through", broker=broker, set_as_current=False)
    app.conf.broker_transport_options = {"global_keyprefix": prefix}
    app.conf.task_default_queue = "partnerpanel-test-through"
    app.send_task("nothing.at.all", kwargs={"n": 1})
    with app.connection_for_read() as connection:
        queue = connection.SimpleQueue("partnerpanel-test-through")
        message = queue.get(timeout=5)
        assert message.headers["task"] == "nothing.at.all"
        message.ack()
        queue.close()
    with redis.Redis.from_url(broker) as client:
        left = list(client.scan_iter(f"{prefix}*"))
        assert left
        client.delete(*left)
