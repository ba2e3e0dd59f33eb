"""What people say: posts, who likes them, and the comments under them. No text appears twice while the stock lasts."""

import random
from dataclasses import dataclass, field

from feed.demo.people import Person
from feed.demo.stock import Language, languages

DRAWS = 14
TAGGED = 0.35
TAGGED_IN_ENGLISH = 0.4
"""The share of those that have a hashtag which everybody knows, whatever the text's language."""
ABROAD = 0.12
"""The share of posts that people of other languages write in English."""
SUBJECT_OF_OTHERS = {
    "pattern": "art",
    "coins": "art",
    "street": "city",
    "wall": "pattern",
    "astronaut": "rocket",
}
QUESTION_MARKS = ("?", "？", "؟", ";")


@dataclass(slots=True)
class Writer:
    """Draws texts of the stock and remembers what has been said."""

    rng: random.Random
    said: dict[str, int] = field(default_factory=dict)

    def post(self, person: Person) -> str:
        """A text without a photo: one thought, one with an afterthought, at times a longer one."""
        language = self._language(person)
        topics = [topic for topic in person.topics if topic in language.posts] + [
            t for t in ("life", "") if t in language.posts
        ]
        best, topic = "", ""
        for draw in range(DRAWS):
            topic = self.rng.choice(topics) if draw < DRAWS // 2 else self.rng.choice(list(language.posts))
            best = self._thought(
                language, topic, longer=self.rng.random() < 0.1, after=draw > 1 or self.rng.random() < 0.35
            )
            if best not in self.said:
                break
        return self._tagged(self._say(best), language, topic)

    def caption(self, person: Person, subject: str) -> str:
        """A text that fits a photo of the subject."""
        language = self._language(person)
        captions = language.captions.get(subject) or language.captions.get(SUBJECT_OF_OTHERS.get(subject, ""))
        if not captions:
            language, captions = languages()["en"], languages()["en"].captions[subject]
        fresh = [caption for caption in captions if caption not in self.said]
        if fresh:
            return self._tagged(self._say(self.rng.choice(fresh)), language, subject)
        best = ""
        for _draw in range(DRAWS):
            first = self.rng.choice(captions)
            second = self.rng.choice([*captions, *language.more.get("", language.more.get("life", ()))])
            best = first if second == first else f"{first} {second}"
            if best not in self.said:
                break
        return self._tagged(self._say(best), language, subject)

    def comment(self, person: Person, author: Person, text: str, *, has_photo: bool) -> str:
        """Something short, in a language that both read, that fits what it answers."""
        language = languages()[
            person.language if person.language == author.language or self.rng.random() < 0.2 else "en"
        ]
        if person.number == author.number:
            kind = "reply"
            language = languages()[author.language]
        elif _is_question(text) and self.rng.random() < 0.75:
            kind = "question"
        else:
            kind = "photo" if has_photo and self.rng.random() < 0.8 else "any"
        return self.rng.choice(language.comments[kind])

    def _language(self, person: Person) -> Language:
        abroad = person.language != "en" and self.rng.random() < ABROAD
        return languages()["en" if abroad else person.language]

    def _thought(self, language: Language, topic: str, *, longer: bool, after: bool) -> str:
        lines = language.posts[topic]
        text = self.rng.choice(lines)
        if longer and len(lines) > 1:
            other = self.rng.choice([line for line in lines if line != text])
            text = f"{text}\n\n{other}"
        if after:
            text = (
                f"{text} {self.rng.choice(language.more.get(topic) or language.more.get('', ('',)))}".strip()
            )
        return self._filled(language, text)

    def _filled(self, language: Language, text: str) -> str:
        for slot, values in language.slots.items():
            value = self.rng.choice(values)
            text = text.replace(f"{{{slot}}}", value).replace(f"{{{slot.capitalize()}}}", value.capitalize())
        return text

    def _tagged(self, text: str, language: Language, subject: str) -> str:
        """The text, at times with a hashtag behind it, of the language or one that is used everywhere."""
        if self.rng.random() >= TAGGED:
            return text
        known = languages()["en"] if self.rng.random() < TAGGED_IN_ENGLISH else language
        tags = known.tags.get(subject) or known.tags.get(SUBJECT_OF_OTHERS.get(subject, ""))
        return f"{text} #{self.rng.choice(tags)}" if tags else text

    def _say(self, text: str) -> str:
        self.said[text] = self.said.get(text, 0) + 1
        return text


def _is_question(text: str) -> bool:
    """Whether the thought itself asks; an afterthought like "And you?" does not make it a question."""
    afterthoughts = (
        line for language in languages().values() for lines in language.more.values() for line in lines
    )
    for afterthought in afterthoughts:
        text = text.removesuffix(afterthought).strip()
    return text.endswith(QUESTION_MARKS)
