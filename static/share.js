// The share sheet: as a dialog over the page, with buttons that copy and hand on. Without this it is a page with a link.
(() => {
    "use strict";

    const sheet = () => document.getElementById("sheet");

    function dress(root) {
        root.querySelectorAll("[data-copy]").forEach((button) => (button.hidden = !navigator.clipboard));
        root.querySelectorAll("[data-native]").forEach((button) => (button.hidden = !navigator.share));
        root.querySelectorAll("dialog [data-close]").forEach((form) => (form.hidden = false));
    }

    async function copy(button) {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
        button.querySelector("span").textContent = button.dataset.done;
    }

    async function handOn(button) {
        try {
            await navigator.share({ title: button.dataset.title, url: button.dataset.native });
        } catch (error) {
            if (error.name !== "AbortError") throw error; // closing the system's sheet is no error
        }
    }

    document.addEventListener("click", (event) => {
        const copying = event.target.closest("[data-copy]");
        if (copying) copy(copying);
        const native = event.target.closest("[data-native]");
        if (native) handOn(native);
        if (event.target === sheet()) sheet().close(); // beside what it holds
    });
    document.addEventListener("DOMContentLoaded", () => dress(document));
    document.addEventListener("htmx:afterSwap", (event) => {
        if (event.detail.target !== sheet()) return;
        dress(document);
        if (!sheet().open) sheet().showModal();
    });
})();
