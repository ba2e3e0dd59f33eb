"""With Redis away a page of posts is one request, not one a post."""

from config.dynamodb import gather
from config.dynamodb.metering import assert_dynamodb_calls
from posts.posts_read import PostsRead
from tests.feed.factory import a_person
from tests.posts.factory import a_post


def test_all_posts_of_a_page_come_in_one_request(transactional_db: None, redis_stopped: None) -> None:
    ana = a_person("ana")
    ids = [a_post(by=ana, text=f"number {number}").id for number in range(5)]
    with assert_dynamodb_calls(1):
        read = PostsRead(ids)
        gather(*read.reads)
        read.keep()
    assert [post.text for post in read.posts().values()] == [f"number {number}" for number in range(5)]
