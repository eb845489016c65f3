package dev.sluice.chaos.junit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.chaos.experiment.Substitution;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.chaos.probe.Metrics;
import dev.sluice.chaos.probe.Outcome;
import dev.sluice.chaos.toxiproxy.ToxiproxyServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Connections that can be made faulty: an embedded Toxiproxy, of one test, or of all tests of a
 * class when a {@code @BeforeAll} method takes it as parameter. Thread-safe, but that toxics of one
 * test are in the way of all who connect meanwhile.
 */
public final class FaultyNetwork implements AutoCloseable {
    private final ToxiproxyServer server;
    private final Activities activities = new Activities(new Substitution(Map.of()));
    private final Map<String, InetSocketAddress> proxies = new HashMap<>();
    private final List<Declared> declared = new ArrayList<>();

    /** Those that use it now, of whom one that makes it faulty is alone. */
    private final ReadWriteLock users = new ReentrantReadWriteLock();

    /**
     * A toxic that a test declares.
     *
     * @param before bytes that had come to its proxy when it was put in the way; empty while the
     *     proxy is not there
     */
    private record Declared(Toxic toxic, String name, Optional<Long> before) {
        boolean added() {
            return before.isPresent();
        }
    }

    FaultyNetwork(long seed) {
        try {
            server =
                    ToxiproxyServer.start(
                            new ToxiproxyServer.Settings(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                    seed,
                                    1,
                                    ToxiproxyServer.Page.PROXY_METRICS));
        } catch (IOException taken) {
            throw new UncheckedIOException(taken);
        }
    }

    /**
     * Makes a connection faulty: whoever connects to the answer is forwarded to the upstream, by
     * way of the toxics that the test declares for this name. The same name gives the same address.
     *
     * @param name that {@link Toxic#proxy} says
     */
    public synchronized InetSocketAddress between(String name, InetSocketAddress upstream) {
        InetSocketAddress known = proxies.get(name);
        if (known != null) {
            return known;
        }
        ObjectNode proxy = JsonNodeFactory.instance.objectNode();
        proxy.put("name", name).put("listen", "127.0.0.1:0");
        proxy.put("upstream", upstream.getHostString() + ":" + upstream.getPort());
        String listen = call("POST", "/proxies", proxy).path("listen").asText();
        int port = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        proxies.put(name, address);
        addMissing();
        return address;
    }

    /** Lets nobody connect, and breaks the connections there are. */
    public void down(String name) {
        JsonNode unused = call("POST", "/proxies/" + name, enabled(false));
    }

    /** Lets everybody connect again. */
    public void up(String name) {
        JsonNode unused = call("POST", "/proxies/" + name, enabled(true));
    }

    private static ObjectNode enabled(boolean enabled) {
        return JsonNodeFactory.instance.objectNode().put("enabled", enabled);
    }

    synchronized void declare(List<Toxic> toxics) {
        for (Toxic toxic : toxics) {
            declared.add(new Declared(toxic, "declared-" + declared.size(), Optional.empty()));
        }
        addMissing();
    }

    private void addMissing() {
        declared.replaceAll(one -> {
            if (one.added() || !proxies.containsKey(one.toxic().proxy())) {
                return one;
            }
            long before = bytes(one.toxic().proxy());
            JsonNode unused =
                    call("POST", "/proxies/" + one.toxic().proxy() + "/toxics", wire(one));
            return new Declared(one.toxic(), one.name(), Optional.of(before));
        });
    }

    private static ObjectNode wire(Declared one) {
        ObjectNode wire = JsonNodeFactory.instance.objectNode();
        wire.put("name", one.name());
        wire.put("type", one.toxic().type());
        wire.put("stream", one.toxic().stream());
        wire.put("toxicity", one.toxic().toxicity());
        ObjectNode attributes = wire.putObject("attributes");
        for (String attribute : one.toxic().attributes()) {
            int equals = attribute.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "@Toxic attribute '" + attribute + "' (expected: name=number); correct it");
            }
            attributes.put(
                    attribute.substring(0, equals),
                    Long.parseLong(attribute.substring(equals + 1)));
        }
        return wire;
    }

    /**
     * Takes the declared toxics away.
     *
     * @return those that stood in nobody's way, as sentences
     */
    synchronized List<String> heal() {
        List<String> unproved = new ArrayList<>();
        for (Declared one : declared) {
            String proxy = one.toxic().proxy();
            if (one.before().isEmpty()) {
                unproved.add("the toxic of '" + proxy + "' was never in the way: no such proxy");
                continue;
            }
            String path = "/proxies/" + proxy + "/toxics/" + one.name();
            JsonNode unused = call("DELETE", path, JsonNodeFactory.instance.objectNode());
            if (bytes(proxy) == one.before().get()) {
                unproved.add("the toxic of '" + proxy + "' was never in the way: nothing came by");
            }
        }
        declared.clear();
        return unproved;
    }

    ReadWriteLock users() {
        return users;
    }

    /** What a proxy has received so far, from both sides. */
    private long bytes(String proxy) {
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        page.put("type", "http").put("url", api("/metrics"));
        String text = activities.run(page).output().path("body").asText();
        return (long)
                Metrics.parse(text)
                        .sum("toxiproxy_proxy_received_bytes_total", Map.of("proxy", proxy))
                        .orElse(0);
    }

    private String api(String path) {
        return "http://127.0.0.1:" + server.address().getPort() + path;
    }

    private JsonNode call(String method, String path, ObjectNode body) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("type", "http").put("method", method);
        request.put("url", api(path));
        request.putObject("headers").put("Content-Type", "application/json");
        request.set("arguments", body);
        Outcome outcome = activities.run(request);
        if (!outcome.succeeded()) {
            throw new IllegalStateException(
                    method + " " + path + ": " + outcome.failure().orElse("" + outcome.output()));
        }
        return parsed(outcome.output().path("body"));
    }

    /** Toxiproxy says its content type with a charset, which is no JSON to a probe. */
    private static JsonNode parsed(JsonNode body) {
        try {
            return body.isTextual() && !body.asText().isBlank()
                    ? new com.fasterxml.jackson.databind.json.JsonMapper().readTree(body.asText())
                    : body;
        } catch (com.fasterxml.jackson.core.JsonProcessingException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    @Override
    public void close() {
        activities.close();
        server.close();
    }
}
