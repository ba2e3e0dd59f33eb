// Photos: uploads that show how far they are and go on after a broken connection (tus 1.0), and carousels with arrows.
// Without this file the composer is a plain form that takes several files, and a carousel is a list that scrolls.
(() => {
    "use strict";

    const PIECE_BYTES = 1 << 20;
    const AT_ONCE = 2;
    const TRIES = 6;
    const make = (tag, properties = {}, ...children) => {
        const element = Object.assign(document.createElement(tag), properties);
        element.append(...children);
        return element;
    };
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const encoded = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
    const dressed = new WeakSet();

    // --- One upload ----------------------------------------------------------------------------------------------------
    class Refusal extends Error {}

    async function refusalOf(response) {
        const problem = await response.json().catch(() => ({}));
        return new Refusal(problem.detail || "");
    }

    function patched(url, headers, piece, onProgress, signal) {
        return new Promise((resolve, reject) => {
            const request = new XMLHttpRequest(); // fetch tells nothing of how much has gone
            request.open("PATCH", url);
            Object.entries(headers).forEach(([name, value]) => request.setRequestHeader(name, value));
            request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
            request.addEventListener("load", () => resolve(request));
            request.addEventListener("error", () => reject(new Error("network")));
            request.addEventListener("abort", () => reject(new Error("given up")));
            signal.addEventListener("abort", () => request.abort());
            request.send(piece);
        });
    }

    async function begin(file, address, headers, signal) {
        const metadata = file.type ? { "Upload-Metadata": `filetype ${encoded(file.type)}` } : {};
        const response = await fetch(address, {
            method: "POST",
            headers: { ...headers, ...metadata, "Upload-Length": String(file.size) },
            signal,
        });
        if (!response.ok) throw await refusalOf(response);
        return response.headers.get("Location");
    }

    async function offsetOf(url, headers, signal) {
        const response = await fetch(url, { method: "HEAD", headers, signal });
        if (response.status === 404) throw new Refusal("");
        if (!response.ok) throw new Error("unavailable");
        return Number(response.headers.get("Upload-Offset"));
    }

    async function uploaded(file, address, headers, onProgress, signal) {
        const url = await begin(file, address, headers, signal);
        let offset = 0;
        for (let tries = 0; offset < file.size; ) {
            try {
                const piece = file.slice(offset, offset + PIECE_BYTES);
                const sent = { ...headers, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
                const done = await patched(url, sent, piece, (bytes) => onProgress((offset + bytes) / file.size), signal);
                if (done.status >= 500 || done.status === 409) throw new Error("again");
                if (done.status >= 400) {
                    const problem = JSON.parse(done.responseText || "{}");
                    throw new Refusal(problem.detail || "");
                }
                offset = Number(done.getResponseHeader("Upload-Offset"));
                tries = 0;
            } catch (error) {
                tries += 1;
                if (error instanceof Refusal || signal.aborted || tries >= TRIES) throw error;
                await wait(500 * 2 ** tries);
                offset = await offsetOf(url, headers, signal).catch((lost) => {
                    if (lost instanceof Refusal) throw lost;
                    return offset;
                });
            }
        }
        return url.replace(/\/$/, "").split("/").pop();
    }

    // --- The composer's photos -------------------------------------------------------------------------------------------
    function dressComposer(form) {
        const list = form.querySelector("[data-photos]");
        const input = form.querySelector("input[type=file]");
        if (!list || !input || dressed.has(form)) return;
        dressed.add(form);
        const words = list.dataset;
        const buttons = form.querySelectorAll("button[type=submit], button[formaction]");
        const nudge = form.querySelector("[data-nudge]");
        const queue = [];
        let running = 0;
        const headers = () => ({
            "Tus-Resumable": "1.0.0",
            "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
        });

        function tell() {
            const busy = running + queue.length > 0;
            buttons.forEach((button) => {
                button.disabled = busy;
                button.setAttribute("aria-busy", String(busy));
            });
            form.dispatchEvent(new Event("roost:photos"));
            const alts = [...list.querySelectorAll("[data-alt]")];
            nudge.hidden = !alts.some((alt) => !alt.value.trim());
            list.querySelectorAll("li").forEach((item, place, items) => {
                item.querySelector("[data-earlier]").disabled = place === 0;
                item.querySelector("[data-later]").disabled = place === items.length - 1;
            });
        }

        function tool(name, sign, action) {
            const made = make("button", { type: "button", textContent: sign, title: words[name], ariaLabel: words[name] });
            made.dataset[name] = "";
            made.addEventListener("click", action);
            return made;
        }

        function dressItem(item, picture, { alt = "" } = {}) {
            const state = make("progress", { max: 1, value: 0, ariaLabel: words.uploading });
            const told = make("p", { className: "field-errors", hidden: true });
            told.setAttribute("role", "alert");
            const text = make("textarea", { rows: 1, placeholder: words.altHelp, ariaLabel: words.alt, value: alt, maxLength: 4000, dir: "auto" });
            text.dataset.alt = "";
            text.addEventListener("input", tell);
            const moved = (step) => {
                const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
                if (other) step < 0 ? other.before(item) : other.after(item);
                tell();
            };
            const tools = make(
                "div",
                { className: "composer-photo-tools" },
                tool("earlier", "←", () => moved(-1)),
                tool("later", "→", () => moved(1)),
                tool("remove", "×", () => {
                    item.stop?.abort();
                    if (picture.startsWith("blob:")) URL.revokeObjectURL(picture);
                    item.remove();
                    tell();
                    input.focus();
                }),
            );
            item.append(make("img", { src: picture, alt: "" }), make("div", { className: "composer-photo-text" }, text, state, told), tools);
            return { state, told, text };
        }

        function taken(item, id, text) {
            item.append(make("input", { type: "hidden", name: "media_ids", value: id }));
            text.name = `alt_${id}`;
        }

        async function next() {
            const job = queue.shift();
            if (!job) return tell();
            running += 1;
            tell();
            const { item, file, parts } = job;
            try {
                const id = await uploaded(file, words.uploads, headers(), (share) => (parts.state.value = share), item.stop.signal);
                taken(item, id, parts.text);
                item.classList.add("is-there");
            } catch (error) {
                parts.told.textContent = (error instanceof Refusal && error.message) || words.failed;
                parts.told.hidden = false;
                item.classList.add("is-refused");
            } finally {
                parts.state.hidden = true;
                running -= 1;
                next();
            }
        }

        function add(files) {
            const pictures = [...files].filter((file) => file.type.startsWith("image/") || /\.(heic|heif|avif)$/i.test(file.name));
            for (const file of pictures) {
                if (list.children.length >= Number(words.max)) {
                    nudge.hidden = false;
                    nudge.textContent = words.tooMany;
                    break;
                }
                const item = make("li", { className: "composer-photo" });
                list.append(item);
                item.stop = new AbortController();
                queue.push({ item, file, parts: dressItem(item, URL.createObjectURL(file)) });
                if (running < AT_ONCE) next();
            }
            tell();
            return pictures.length > 0;
        }

        list.querySelectorAll("li[data-medium]").forEach((item) => {
            item.replaceChildren(); // its fields for a browser without script
            item.className = "composer-photo is-there";
            const { state, text } = dressItem(item, item.dataset.preview, { alt: item.dataset.keptAlt });
            state.hidden = true;
            taken(item, item.dataset.medium, text);
        });
        tell();
        input.addEventListener("change", () => {
            add(input.files);
            input.value = ""; // they go by themselves, not with the form
        });
        form.addEventListener("paste", (event) => add(event.clipboardData.files) && event.preventDefault());
        form.addEventListener("dragover", (event) => {
            event.preventDefault();
            form.classList.add("dragging");
        });
        form.addEventListener("dragleave", () => form.classList.remove("dragging"));
        form.addEventListener("drop", (event) => {
            event.preventDefault();
            form.classList.remove("dragging");
            add(event.dataTransfer.files);
        });
        // Ctrl+Enter sends without the button: not before every photo is there.
        form.addEventListener(
            "submit",
            (event) => {
                if (running + queue.length === 0) return;
                event.preventDefault();
                event.stopImmediatePropagation();
            },
            true,
        );
    }

    // --- Carousels -----------------------------------------------------------------------------------------------------
    function dressCarousel(box) {
        if (dressed.has(box)) return;
        dressed.add(box);
        const slides = box.querySelector(".slides");
        const items = [...slides.children];
        const rightToLeft = getComputedStyle(slides).direction === "rtl" ? -1 : 1;
        const place = () => Math.round(Math.abs(slides.scrollLeft) / Math.max(1, slides.clientWidth));
        const calm = matchMedia("(prefers-reduced-motion: reduce)");
        const go = (number) =>
            slides.scrollTo({ left: rightToLeft * number * slides.clientWidth, behavior: calm.matches ? "auto" : "smooth" });
        const arrow = (name, sign, step) => {
            const made = make("button", { type: "button", className: `slide-arrow slide-${name}`, textContent: sign, ariaLabel: box.dataset[name] });
            made.addEventListener("click", () => go(place() + step));
            return made;
        };
        const previous = arrow("previous", "‹", -1);
        const next = arrow("next", "›", 1);
        // The keyboard has the arrows, and so have photos that are too many for a row of dots.
        const dots = (items.length > 10 ? [] : items).map((_item, number) => {
            const dot = make("button", { type: "button", className: "slide-dot", tabIndex: -1, ariaLabel: `${number + 1}/${items.length}` });
            dot.addEventListener("click", () => go(number));
            return dot;
        });
        function tell() {
            const here = place();
            previous.disabled = here === 0;
            next.disabled = here >= items.length - 1;
            dots.forEach((dot, number) => (number === here ? dot.setAttribute("aria-current", "true") : dot.removeAttribute("aria-current")));
        }
        box.append(previous, next, make("div", { className: "slide-dots" }, ...dots));
        slides.addEventListener("scroll", tell, { passive: true });
        tell();
    }

    function dress(root) {
        root.querySelectorAll("[data-composer]").forEach(dressComposer);
        root.querySelectorAll("[data-carousel]").forEach(dressCarousel);
    }

    document.addEventListener("DOMContentLoaded", () => dress(document));
    document.addEventListener("htmx:load", (event) => dress(event.detail.elt.parentNode || document));
})();
