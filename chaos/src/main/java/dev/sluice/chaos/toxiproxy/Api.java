package dev.sluice.chaos.toxiproxy;

import dev.sluice.chaos.toxiproxy.toxic.Toxic;
import java.util.List;
import java.util.Optional;

/** The calls of Toxiproxy's HTTP API on the proxies of one server. Owned by the API thread. */
final class Api {
    /** The version of Toxiproxy whose wire this is. */
    static final String VERSION = "2.12.0";

    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int DONE = 204;
    private static final int BROWSER = 403;
    private static final int NO_ROUTE = 404;
    private static final int WRONG_METHOD = 405;

    private final Proxies proxies;
    private final Optional<ByteCounts> metrics;

    /**
     * @param metrics for {@code /metrics}; empty when there is no such page
     */
    Api(Proxies proxies, Optional<ByteCounts> metrics) {
        this.proxies = proxies;
        this.metrics = metrics;
    }

    /**
     * A call.
     *
     * @param path decoded, without query
     * @param agent the {@code User-Agent}; empty when there is none
     */
    record Call(String method, String path, String agent, String body) {}

    /** What a resource answers to a method. */
    private interface Route {
        Answer answer(String method) throws Refused;
    }

    private static final Route NOWHERE = method -> Answer.plain(NO_ROUTE, "404 page not found");

    Answer answer(Call call) {
        List<String> steps = List.of(call.path().substring(1).split("/", -1));
        Route route = route(steps, call.body());
        try {
            if (route != NOWHERE && call.agent().startsWith("Mozilla/")) {
                return Answer.plain(BROWSER, "User agent not allowed");
            }
            return route.answer(call.method());
        } catch (Refused refused) {
            return Answer.plain(refused.status(), Shown.error(refused).toString());
        }
    }

    private Route route(List<String> steps, String body) {
        if (steps.contains("")) {
            return NOWHERE;
        }
        String first = steps.getFirst();
        return switch (steps.size()) {
            case 1 -> root(first, body);
            case 2 -> first.equals("proxies") ? m -> proxy(m, steps.get(1), body) : NOWHERE;
            case 3 -> isToxics(steps) ? m -> toxics(m, steps.get(1), body) : NOWHERE;
            case 4 -> isToxics(steps) ? m -> toxic(m, steps.get(1), steps.get(3), body) : NOWHERE;
            default -> NOWHERE;
        };
    }

    private static boolean isToxics(List<String> steps) {
        return steps.get(0).equals("proxies") && steps.get(2).equals("toxics");
    }

    private Route root(String name, String body) {
        return switch (name) {
            case "proxies" -> method -> proxies(method, body);
            case "populate" -> method -> post(method) ? populate(body) : wrongMethod();
            case "reset" -> method -> post(method) ? reset() : wrongMethod();
            case "version" ->
                    method -> method.equals("GET") ? Answer.version(VERSION) : wrongMethod();
            case "metrics" -> metrics.<Route>map(counts -> _ -> page(counts)).orElse(NOWHERE);
            default -> NOWHERE;
        };
    }

    private static Answer page(ByteCounts counts) {
        return new Answer(OK, ByteCounts.CONTENT_TYPE, counts.page());
    }

    private Answer proxies(String method, String body) throws Refused {
        return switch (method) {
            case "GET" -> Answer.json(OK, Shown.byName(proxies.all()).toString());
            case "POST" ->
                    Answer.json(CREATED, Shown.proxy(proxies.create(Body.parse(body))).toString());
            default -> wrongMethod();
        };
    }

    private Answer populate(String body) {
        Proxies.Populated populated = proxies.populate(body);
        int status = populated.refused().map(Refused::status).orElse(CREATED);
        return Answer.json(status, Shown.populated(populated).toString());
    }

    private Answer reset() throws Refused {
        proxies.reset();
        return Answer.empty(DONE);
    }

    private Answer proxy(String method, String name, String body) throws Refused {
        return switch (method) {
            case "GET" -> shown(proxies.get(name));
            case "POST", "PATCH" -> update(proxies.get(name), body);
            case "DELETE" -> {
                proxies.remove(name);
                yield Answer.empty(DONE);
            }
            default -> wrongMethod();
        };
    }

    private static Answer update(Proxy proxy, String text) throws Refused {
        Body body = Body.parse(text);
        String listen = body.text("listen").orElse(proxy.listen());
        String upstream = body.text("upstream").orElse(proxy.upstream());
        proxy.update(listen, upstream, body.truth("enabled").orElse(proxy.enabled()));
        return shown(proxy);
    }

    private static Answer shown(Proxy proxy) {
        return Answer.json(OK, Shown.proxy(proxy).toString());
    }

    private Answer toxics(String method, String proxyName, String body) throws Refused {
        switch (method) {
            case "GET" -> {
                return Answer.json(
                        OK, Shown.toxics(proxies.get(proxyName).toxics().all()).toString());
            }
            case "POST" -> {
                Proxy proxy = proxies.get(proxyName);
                Toxic added = ProxyToxics.read(Body.parse(body));
                proxy.change(proxy.toxics().plus(added));
                return shown(added);
            }
            default -> {
                return wrongMethod();
            }
        }
    }

    private Answer toxic(String method, String proxyName, String name, String body) throws Refused {
        switch (method) {
            case "GET" -> {
                return shown(proxies.get(proxyName).toxics().get(name));
            }
            case "POST", "PATCH" -> {
                Proxy proxy = proxies.get(proxyName);
                Toxic changed = changed(proxy.toxics().get(name), Body.parse(body));
                proxy.change(proxy.toxics().replacing(changed));
                return shown(changed);
            }
            case "DELETE" -> {
                Proxy proxy = proxies.get(proxyName);
                proxy.change(proxy.toxics().minus(name));
                return Answer.empty(DONE);
            }
            default -> {
                return wrongMethod();
            }
        }
    }

    private static Toxic changed(Toxic toxic, Body body) throws Refused {
        return toxic.with(
                body.number("toxicity").orElse(toxic.toxicity()),
                body.attributes(toxic.type(), toxic.attributes()));
    }

    private static Answer shown(Toxic toxic) {
        return Answer.json(OK, Shown.toxic(toxic).toString());
    }

    private static boolean post(String method) {
        return method.equals("POST");
    }

    private static Answer wrongMethod() {
        return Answer.empty(WRONG_METHOD);
    }
}
