"""What all rooms stand on. The Celery app is loaded with it, so that `@shared_task` finds it in every process."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
