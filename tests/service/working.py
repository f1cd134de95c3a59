"""A worker's part, played by the test: leases saves from the real queue and ends them."""

import threading
import time

OWNER = "a-test"


def post(service, form, **headers):
    return service.post("/save", form, Accept="application/json", **service.low, **headers)


def begun(service):
    """What a worker leases."""
    with service.context.saves() as saves:
        return saves.lease(owner=OWNER, most=10, seconds=60)


def succeed(service, save, **more):
    told = {
        "timestamp": "20261123140510",
        "final_url": save.url,
        "status": 200,
        "resources": [save.url],
        **more,
    }
    with service.context.saves() as saves:
        assert saves.succeed(save.id, owner=OWNER, **told)


class CarriedOut:
    """Within it, the next save succeeds as soon as it is queued."""

    def __init__(self, service, **told):
        self._service, self._told = service, told

    def __enter__(self):
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self):
        for _ in range(500):
            for save in begun(self._service):
                self.end(save)
                return
            time.sleep(0.02)

    def end(self, save):
        succeed(self._service, save, **self._told)

    def __exit__(self, *_):
        self._thread.join()


class Failing(CarriedOut):
    def __init__(self, service, error, message):
        super().__init__(service)
        self._error, self._message = error, message

    def end(self, save):
        with self._service.context.saves() as saves:
            assert saves.fail(save.id, owner=OWNER, error=self._error, message=self._message)
