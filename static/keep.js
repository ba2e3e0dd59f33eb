// The way back: a list as far as it had been loaded, and where in it one was, kept in this tab while one looks at something
// of it. Where the browser keeps whole pages by itself there is nothing to do; without script a list goes on page by page,
// and the browser knows the way. This runs before all other scripts, so that what it brings back is dressed as ever.
(() => {
    "use strict";

    const LISTS = "roost.lists";
    const DEEDS = "roost.deeds";
    const LISTS_AT_MOST = 4;
    const POSTS_AT_MOST = 30;
    const viewer = document.body.dataset.viewer || "";
    const list = document.querySelector("[data-kept]");
    const parsed = (html) => Object.assign(document.createElement("template"), { innerHTML: html }).content;

    // Both are pairs of a name and what is kept under it, the oldest first, and of one viewer alone.
    function kept(name) {
        try {
            const all = JSON.parse(sessionStorage.getItem(name));
            return all?.viewer === viewer ? all.pairs : [];
        } catch {
            return []; // nothing of ours, or no storage here
        }
    }

    function keep(name, pairs) {
        try {
            sessionStorage.setItem(name, JSON.stringify({ viewer, pairs }));
        } catch {
            if (pairs.length > 1) keep(name, pairs.slice(1)); // full: the oldest goes
        }
    }

    const added = (pairs, name, value, most) => [...pairs.filter(([old]) => old !== name), [name, value]].slice(-most);

    [LISTS, DEEDS].forEach((name) => kept(name).length || keep(name, [])); // another viewer's are gone

    // --- As the server sent it: what scripts have made of it on the page is made anew ---------------------------------
    const sent = document.createElement("template");

    function follow(event) {
        const more = event.detail.target;
        if (!event.detail.shouldSwap || !more.matches(".more") || !list.contains(more) || more.closest(".suggestion-box")) return;
        sent.content.querySelector(".more")?.replaceWith(parsed(event.detail.serverResponse));
    }

    // Posts that came or went, and what was done with them: liked, saved, reposted. Copies are made where nothing is loaded: a
    // picture that a page asks for on its way out would count as a connection, which the policy of content refuses.
    function caughtUp() {
        const there = new Set();
        const copyOf = (node) => sent.content.ownerDocument.importNode(node, true);
        const feed = sent.content.querySelector("#feed");
        list.querySelectorAll("article.post[id]").forEach((post) => {
            there.add(post.id);
            const copy = sent.content.getElementById(post.id);
            if (copy) copy.querySelector(".post-actions")?.replaceWith(copyOf(post.querySelector(".post-actions")));
            else feed?.prepend(copyOf(post));
        });
        sent.content.querySelectorAll("article.post[id]").forEach((post) => there.has(post.id) || post.remove());
        return sent.innerHTML;
    }

    function whereabouts() {
        const top = [...list.querySelectorAll("article[id]")].find((element) => element.getBoundingClientRect().bottom > 0);
        return { id: top?.id, offset: top?.getBoundingClientRect().top, y: scrollY };
    }

    function leave() {
        if (list) {
            const name = history.state?.kept || `${Date.now()}-${Math.random()}`;
            history.replaceState({ ...history.state, kept: name }, "");
            keep(LISTS, added(kept(LISTS), name, { html: caughtUp(), ...whereabouts() }, LISTS_AT_MOST));
        } else {
            let deeds = kept(DEEDS);
            document.querySelectorAll("article.post[id] > .post-actions").forEach((actions) => {
                deeds = added(deeds, actions.parentNode.id, actions.outerHTML, POSTS_AT_MOST);
            });
            keep(DEEDS, deeds);
        }
    }

    function comeBack({ html, id, offset, y }) {
        list.innerHTML = html;
        kept(DEEDS).forEach(([post, actions]) => {
            list.querySelector(`[id="${post}"] > .post-actions`)?.replaceWith(parsed(actions));
        });
        history.scrollRestoration = "manual";
        const top = id && document.getElementById(id);
        scrollTo({ top: top ? scrollY + top.getBoundingClientRect().top - offset : y, behavior: "instant" });
    }

    if (list) {
        const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
        const found = isBack && kept(LISTS).find(([name]) => name === history.state?.kept);
        if (found) comeBack(found[1]);
        sent.innerHTML = list.innerHTML;
        document.addEventListener("htmx:beforeSwap", follow);
    }
    addEventListener("pagehide", leave);
})();
