// Drafts: the composer saves what is being written by itself, a moment after the last key, and says so. Without this file
// its button saves. Beside that: the page for a time begins in the browser's time zone.
(() => {
    "use strict";

    const QUIET_MS = 1500;
    const LONGEST_WAIT_MS = 60_000;
    const dressed = new WeakSet();

    function dressComposer(form) {
        const told = form.querySelector("[data-draft]");
        if (!told || dressed.has(form)) return;
        dressed.add(form);
        const words = told.dataset;
        const { draft: id, draft_version: version } = form.elements;
        let key = `${form.elements.key.value}-draft`;
        let saved = JSON.stringify(content());
        let timer = 0;
        let tries = 0;
        let running = null; // the save under way
        let leaving = false;

        function content() {
            const value = (name) => form.elements[name].value;
            const said = {};
            for (const name of ["text", "audience", "warning", "language", "location", "commenting"]) said[name] = value(name);
            said.quote_of = form.elements.quote?.value || null;
            said.media = [...form.querySelectorAll("[name=media_ids]")].map((medium) => ({
                id: medium.value,
                alt: form.querySelector(`[name="alt_${medium.value}"]`)?.value ?? "",
            }));
            return said;
        }

        const isEmpty = (said) => !said.text.trim() && !said.media.length;

        function say(text, isTrouble = false) {
            told.textContent = text;
            told.classList.toggle("is-trouble", isTrouble);
        }

        function later(ms = QUIET_MS) {
            clearTimeout(timer);
            timer = setTimeout(save, ms);
        }

        function begunAnew() {
            id.value = version.value = "";
            key = `${form.elements.key.value}-draft-${Date.now()}`;
            saved = "";
        }

        async function send(said) {
            const headers = {
                "Content-Type": "application/json",
                "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
            };
            if (id.value) {
                const body = JSON.stringify({ ...said, version: Number(version.value) });
                return fetch(`${words.url}${id.value}/`, { method: "PATCH", headers, body });
            }
            return fetch(words.url, { method: "POST", headers: { ...headers, "Idempotency-Key": key }, body: JSON.stringify(said) });
        }

        async function settle(response, said) {
            const answer = await response.json().catch(() => ({}));
            if (response.ok) {
                // A draft that an unheard try began may hold what was written then: looked at once more.
                saved = !id.value && tries ? "" : JSON.stringify(said);
                id.value = answer.id;
                version.value = answer.version;
                tries = 0;
                if (told.textContent !== words.beside) say(words.saved);
            } else if (answer.code === "draft_changed" || answer.code === "draft_not_found") {
                begunAnew();
                say(words.beside, true);
            } else if (response.status === 429 || response.status >= 500) {
                throw new Error("again");
            } else {
                saved = JSON.stringify(said); // until something is changed
                say(answer.detail || words.failed, true);
            }
        }

        async function save() {
            clearTimeout(timer);
            if (running || leaving || !form.isConnected) return;
            const said = content();
            if (JSON.stringify(said) === saved || (!id.value && isEmpty(said))) return;
            running = send(said)
                .then((response) => settle(response, said))
                .catch(() => {
                    tries += 1;
                    say(words.failed, true);
                });
            await running;
            running = null;
            if (tries) later(Math.min(LONGEST_WAIT_MS, QUIET_MS * 2 ** tries));
            else if (JSON.stringify(content()) !== saved) later();
        }

        function changed() {
            if (told.textContent === words.saved) say("");
            if (!tries) later();
        }

        form.addEventListener("input", changed);
        form.addEventListener("change", changed);
        form.addEventListener("roost:photos", changed);
        window.addEventListener("online", save);
        document.addEventListener("visibilitychange", () => document.hidden && save());
        // What is posted is of the version that was saved last, so a save under way is waited for.
        form.addEventListener(
            "submit",
            (event) => {
                clearTimeout(timer);
                if (!running) {
                    leaving = true;
                    return;
                }
                event.preventDefault();
                event.stopImmediatePropagation();
                running.then(() => setTimeout(() => form.requestSubmit(event.submitter)));
            },
            true,
        );
        // Refused or unheard: what is written is still here. Otherwise the page goes, or another form comes.
        form.addEventListener("htmx:afterRequest", (event) => {
            const { status } = event.detail.xhr;
            leaving = status >= 200 && status < 400;
        });
    }

    function dressTime(form) {
        const { publish_at: moment, zone } = form.elements;
        const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
        if (!moment.value && [...zone.options].some((option) => option.value === here)) zone.value = here;
    }

    function dress(root) {
        root.querySelectorAll("[data-composer]").forEach(dressComposer);
        root.querySelectorAll("[data-time-form]").forEach(dressTime);
    }

    document.addEventListener("DOMContentLoaded", () => dress(document));
    document.addEventListener("htmx:load", (event) => dress(event.detail.elt.parentNode || document));
})();
