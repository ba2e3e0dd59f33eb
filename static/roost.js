// Roost's own script, beside photos.js. Every page works without it; each part here adds a comfort to plain markup.
(() => {
    "use strict";

    const each = (selector, action, root = document) => root.querySelectorAll(selector).forEach(action);
    const make = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);

    // --- Toasts: can be dismissed, and leave by themselves unless someone is reading them --------------------------
    const toasts = () => document.getElementById("toasts");
    const dressed = new WeakSet();

    function dressToast(toast) {
        if (dressed.has(toast)) return;
        dressed.add(toast);
        const close = make("button", { type: "button", textContent: "×", ariaLabel: toasts().dataset.dismiss });
        close.addEventListener("click", () => toast.remove());
        toast.append(close);
        const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 3000) : toast.remove());
        setTimeout(leave, toast.querySelector("form") ? 30000 : 7000); // what can be undone stays
    }

    function say(text, kind = "error") {
        const toast = make("div", { className: `toast toast-${kind}` });
        toast.append(make("p", { textContent: text, dir: "auto" }));
        toasts().append(toast);
        dressToast(toast);
    }

    // --- Appearance: the same cookie that the form sets, without a page load -----------------------------------------
    function switchTheme(event) {
        const wanted = event.submitter?.value;
        if (!wanted) return;
        event.preventDefault();
        const secure = location.protocol === "https:" ? "; Secure" : "";
        const age = wanted === "auto" ? 0 : 31536000;
        document.cookie = `theme=${wanted}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
        if (wanted === "auto") delete document.documentElement.dataset.theme;
        else document.documentElement.dataset.theme = wanted;
        each("[data-theme-switch] button", (button) =>
            button.setAttribute("aria-pressed", String(button.value === wanted)),
        );
    }

    // As a reader counts: a family emoji is one. Older browsers count its parts, and the server has the last word.
    const segmenter = Intl.Segmenter && new Intl.Segmenter();
    const charactersIn = (text) => [...(segmenter ? segmenter.segment(text) : text)].length;
    // As posts/text/limits.py stores it: no blanks at the ends, no control characters.
    const cleaned = (text) => text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, "").trim();
    const bytesIn = (text) => new TextEncoder().encode(text).length;

    // --- Composer: characters left (photos are photos.js') -------------------------------------------------------------
    function dressComposer(form) {
        if (dressed.has(form)) return;
        dressed.add(form);
        const text = form.querySelector("textarea");
        const count = form.querySelector("[data-count]");

        function measure() {
            const written = cleaned(text.value);
            const { max, maxBytes } = count.dataset;
            // Of characters with many bytes fewer fit: what is left is of the narrower limit, in usual characters.
            const room = Math.floor(((maxBytes - bytesIn(written)) * max) / maxBytes);
            const left = Math.min(max - charactersIn(written), room);
            count.textContent = left;
            count.classList.toggle("over", left < 0);
            count.hidden = left > Number(count.dataset.max) / 4;
        }

        if (text && count) {
            text.addEventListener("input", measure);
            form.addEventListener("reset", () => setTimeout(measure));
            measure();
        }
        text?.addEventListener("keydown", (event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
        });
    }

    function compose(event) {
        const text = document.querySelector("#composer textarea");
        if (!text) return;
        event.preventDefault();
        scrollTo({ top: 0 });
        text.focus({ preventScroll: true });
    }

    // --- Settings: see the picture before it is saved, see the password while typing ---------------------------------
    function dressAvatar(input) {
        const image = document.querySelector("[data-avatar-preview] img");
        input.addEventListener("change", () => {
            if (input.files[0]) image.src = URL.createObjectURL(input.files[0]);
        });
    }

    function dressPassword(input) {
        const words = document.getElementById("toasts").dataset;
        const box = make("div", { className: "reveal" });
        const button = make("button", { type: "button", textContent: words.show });
        button.setAttribute("aria-pressed", "false");
        button.setAttribute("aria-controls", input.id);
        button.addEventListener("click", () => {
            const shown = input.type === "text";
            input.type = shown ? "password" : "text";
            button.textContent = shown ? words.show : words.hide;
            button.setAttribute("aria-pressed", String(!shown));
        });
        input.replaceWith(box);
        box.append(input, button);
    }

    // --- Likes by a double tap on the photo, as hands expect ---------------------------------------------------------
    function likeByPhoto(event) {
        const photo = event.target.closest(".post-photo");
        if (!photo) return;
        event.preventDefault();
        photo.closest(".post")?.querySelector(".like-form .action[aria-pressed=false]")?.click();
    }

    // --- Focus: a button is switched off while its request is under way, and thus loses it; what replaces it gets it ---
    const focused = new WeakMap();

    function rememberFocus(event) {
        const active = document.activeElement;
        const named = event.detail.elt.contains(active) && (active.closest("details[id]") || active);
        if (named && named.id) focused.set(event.detail.xhr, named.id);
    }

    function giveFocusBack(event) {
        const lost = document.activeElement === document.body && document.getElementById(focused.get(event.detail.xhr));
        if (lost) (lost.matches("details") ? lost.querySelector("summary") : lost).focus({ preventScroll: true });
    }

    // --- Long lists: a part that does not come is asked for again, later each time; its link stays there meanwhile ---
    const MORE = ".more";
    const MOST_TRIES = 5;
    const tries = new WeakMap();

    function comesAgain(place, xhr) {
        const tried = (tries.get(place) || 0) + 1;
        const mayPass = xhr.status === 0 || xhr.status === 429 || xhr.status >= 500;
        if (!place.matches(MORE) || !mayPass || tried > MOST_TRIES) return false;
        tries.set(place, tried);
        const asked = Number(xhr.getResponseHeader("Retry-After")) || 0; // seconds
        const trigger = () => place.isConnected && htmx.trigger(place, "again");
        setTimeout(trigger, 1000 * Math.max(asked, 2 ** (tried - 1)));
        return true;
    }

    // --- Wiring ------------------------------------------------------------------------------------------------------
    function dress(root) {
        each(".toast", dressToast, root);
        each("[data-composer]", dressComposer, root);
    }

    document.addEventListener("DOMContentLoaded", () => {
        dress(document);
        each("input[data-avatar]", dressAvatar);
        each("input[data-reveal]", dressPassword);
        if (location.hash === "#composer") document.querySelector("#composer textarea")?.focus();
    });
    document.addEventListener("submit", (event) => {
        if (event.target.matches("[data-theme-switch]")) switchTheme(event);
    });
    document.addEventListener("click", (event) => {
        if (event.target.closest("[data-compose]")) compose(event);
        each("details.post-menu[open], details.menu[open]", (menu) => {
            if (!menu.contains(event.target)) menu.open = false;
        });
        if (event.target.closest(".pill")) scrollTo({ top: 0 });
    });
    document.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        each("details.post-menu[open], details.menu[open]", (menu) => {
            menu.open = false;
            menu.querySelector("summary").focus();
        });
    });
    document.addEventListener("focusin", (event) => event.target.closest(".composer")?.classList.add("is-begun"));
    document.addEventListener("dblclick", likeByPhoto);
    document.addEventListener("htmx:beforeRequest", rememberFocus);
    document.addEventListener("htmx:afterSettle", giveFocusBack);
    document.addEventListener("htmx:load", (event) => dress(event.detail.elt.parentNode || document));
    // An error that the server sends as a toast of its own is shown; any other never lands in a piece of the page.
    document.addEventListener("htmx:beforeSwap", (event) => {
        const { elt, xhr } = event.detail;
        if (xhr.status >= 400 && !elt.matches(MORE) && xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = true;
    });
    document.addEventListener("htmx:sendError", ({ detail: { elt, xhr } }) => {
        if (!comesAgain(elt, xhr)) say(toasts().dataset.offline);
    });
    document.addEventListener("htmx:responseError", ({ detail: { elt, xhr } }) => {
        if (comesAgain(elt, xhr)) return;
        if (elt.matches(MORE) || !xhr.getResponseHeader("HX-Retarget")) say(toasts().dataset.failed);
    });
})();
