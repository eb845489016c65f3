package dev.sluice.bench;

import com.google.protobuf.TextFormat;
import dev.sluice.contract.decide.Carried;
import dev.sluice.contract.decide.CarriedDecision;
import dev.sluice.contract.decide.GateDecider;
import dev.sluice.contract.decide.HeldGate;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateParser;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.HttpProtocol;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.gate.ExchangeView;
import io.netty.util.AsciiString;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A gate decides: a key of 64 bytes in a header, five rules without CEL or regular expressions,
 * none of which matches; the request has the twelve headers of a browser and of a trace.
 */
@State(Scope.Thread)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgs = "-XX:+UseSerialGC")
public class GateBenchmark {
    private static final String GATE =
            """
            name: "gates/orders" revision { epoch: 1 number: 42 }
            legacy_cluster: "old" new_cluster: "new" store_kind: SHARED from: OFF to: COMPLETE
            share_ppm: 250000
            bucketing { salt: "orders-v2" key { header: "x-user" } legacy {} }
            rules { name: "staff" match { headers { name: "x-staff" string_match { exact: "1" } } } arm: NEW }
            rules { name: "puts" match { methods: "PUT" path { prefix: "/orders" } } arm: LEGACY }
            rules { name: "import" match { path { prefix: "/import/" } } arm: LEGACY }
            rules { name: "old-app" match { headers { name: "user-agent" string_match { prefix: "shop/1." } } } arm: LEGACY }
            rules { name: "try" match { query_parameters { name: "try" string_match { exact: "new" } } } arm: NEW }
            """;

    private static final Operation READ = new Operation("get", OperationClass.READ);

    private final HeldGate held = HeldGate.first(gate());
    private final GateDecider decider = new GateDecider(System::nanoTime);
    private final ExchangeView withKey = request("k".repeat(64));
    private final ExchangeView withoutKey = request("");
    private final Carried carried =
            Carried.of(
                    new CarriedDecision(
                            held.gate().carriedId(),
                            held.gate().revision(),
                            Mode.COMPLETE,
                            OptionalInt.of(4711)));

    private static Gate gate() {
        try {
            return GateParser.parse(TextFormat.parse(GATE, dev.sluice.gate.v1.Gate.class))
                    .orThrow();
        } catch (TextFormat.ParseException bad) {
            throw new IllegalStateException(bad);
        }
    }

    private static ExchangeView request(String key) {
        HeaderBlock headers = new HeaderBlock();
        headers.add(name("user-agent"), ascii("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101"));
        headers.add(name("accept"), ascii("application/json"));
        headers.add(name("accept-encoding"), ascii("gzip, deflate, br"));
        headers.add(name("accept-language"), ascii("de,en;q=0.7"));
        headers.add(name("cache-control"), ascii("no-cache"));
        headers.add(name("origin"), ascii("https://shop.example"));
        headers.add(name("referer"), ascii("https://shop.example/cart"));
        headers.add(name("cookie"), ascii("session=0123456789abcdef; theme=dark"));
        headers.add(name("x-forwarded-proto"), ascii("https"));
        headers.add(name("x-request-id"), ascii("6f1ed002-ab15-4a9c-8f6e-7d2b2e1c9d10"));
        headers.add(
                name("traceparent"),
                ascii("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        if (!key.isEmpty()) {
            headers.add(name("x-user"), ascii(key));
        }
        RequestHead head =
                new RequestHead(
                        ascii("GET"),
                        ascii("https"),
                        ascii("shop.example"),
                        ascii("/orders/4711?page=2"),
                        headers);
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", 4711);
        Peer peer =
                new Peer(
                        address,
                        address,
                        HttpProtocol.HTTP_1_1,
                        /* secure= */ false,
                        Optional.empty(),
                        Optional.empty());
        return new ExchangeView(head, ascii("/orders/4711"), peer);
    }

    /** A header's name as codecs read it. */
    private static AsciiString name(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return HeaderNames.intern(bytes, 0, bytes.length);
    }

    private static AsciiString ascii(String text) {
        return new AsciiString(text);
    }

    /** By the key's bucket. */
    @Benchmark
    public long byKey() {
        return decider.choose(held, READ, Carried.NOTHING, withKey);
    }

    /** By the key's bucket, with the record that an exchange keeps and the hash in it. */
    @Benchmark
    public GateDecision byKeyExplained() {
        return decider.decide(held, READ, Carried.NOTHING, withKey);
    }

    /** By what was decided upstream. */
    @Benchmark
    public long carried() {
        return decider.choose(held, READ, carried, withKey);
    }

    /** Without a key. */
    @Benchmark
    public long missingKey() {
        return decider.choose(held, READ, Carried.NOTHING, withoutKey);
    }
}
