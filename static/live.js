// What is new comes by server-sent events; where there is no stream, or while it is away, the page asks every few seconds.
// An event only says that something changed: pieces of the page that listen to it on the body ask for themselves. They are
// told for the first time when the stream stands, or when it is known that there is none: so each asks once at the beginning.
(() => {
    "use strict";

    const BESIDE_A_STREAM = 20000; // posts of authors who are read instead of pushed tell nobody
    const WITHOUT = 5000;
    const TRIED_AGAIN = 60000;
    const NAMES = ["bell", "posts"];
    let stream;
    let asking;
    let askingAt;
    let again;
    let told = false;

    const tell = (name) => document.body.dispatchEvent(new CustomEvent(`live-${name}`));
    const tellAll = () => {
        told = true;
        NAMES.forEach(tell);
    };

    // Sooner if need be, never later: a stream that breaks off again and again must not put the asking off for ever.
    function ask() {
        const wait = stream?.readyState === EventSource.OPEN ? BESIDE_A_STREAM : WITHOUT;
        if (asking && askingAt <= Date.now() + wait) return;
        clearTimeout(asking);
        askingAt = Date.now() + wait;
        asking = setTimeout(() => {
            asking = undefined;
            tellAll();
            ask();
        }, wait);
    }

    function askNoMore() {
        clearTimeout(asking);
        asking = undefined;
    }

    function listen() {
        clearTimeout(again);
        stream = new EventSource(document.body.dataset.live);
        NAMES.forEach((name) => stream.addEventListener(name, () => tell(name)));
        stream.addEventListener("open", () => {
            tellAll(); // whatever happened since the page was made
            ask();
        });
        stream.addEventListener("error", () => {
            if (!told) tellAll();
            ask();
            // Refused, as a server with no place free does: it may have one later. Else the browser comes back by itself.
            if (stream.readyState === EventSource.CLOSED) again = setTimeout(listen, TRIED_AGAIN);
        });
    }

    // Nobody looks at a hidden page: it keeps no stream and asks for nothing.
    function stop() {
        askNoMore();
        clearTimeout(again);
        stream?.close();
    }

    function start() {
        stop();
        if (document.hidden) return;
        listen();
        ask();
    }

    document.addEventListener("DOMContentLoaded", start);
    document.addEventListener("visibilitychange", start);
    addEventListener("pagehide", stop);
    addEventListener("pageshow", (event) => event.persisted && start());
})();
