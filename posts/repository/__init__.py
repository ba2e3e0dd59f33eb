"""The only place that speaks DynamoDB for posts: by domain, `posts`, `likes`, `comments`, `authors`."""
