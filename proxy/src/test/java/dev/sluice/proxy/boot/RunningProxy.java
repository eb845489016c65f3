package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.exchange.Flood;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RefusalObserver;
import dev.sluice.proxy.exchange.RefusalObserver.Worn;
import dev.sluice.proxy.listen.ConnectionObserver;
import dev.sluice.proxy.listen.Listeners;
import dev.sluice.proxy.observe.ExchangeObserver;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.overload.Overload;
import dev.sluice.proxy.pool.UpstreamObserver;
import dev.sluice.proxy.resource.BootstrapReader;
import dev.sluice.proxy.resource.BootstrapSpec;
import dev.sluice.proxy.runtime.RuntimeLayers;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec;
import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.Patience;
import java.util.List;
import java.util.function.LongSupplier;

/** A proxy in this process, started from the text of a bootstrap, on ports of its own choice. */
final class RunningProxy implements AutoCloseable {
    /**
     * System property: event loops of every proxy of this run. Classes with the tag {@code loops}
     * run a second time, on four.
     */
    static final String LOOPS = "sluice.test.loops";

    private final Proxy proxy;
    private final Mailbox<ExchangeRecord> records;
    private final Mailbox<String> handshakes;
    private final Mailbox<String> mirrors;
    private final Mailbox<Flood> floods;
    private final Mailbox<CodecRefusal> refusals;
    private final Mailbox<String> worn;

    private RunningProxy(
            Proxy proxy,
            Mailbox<ExchangeRecord> records,
            Mailbox<String> handshakes,
            Mailbox<String> mirrors,
            Mailbox<Flood> floods,
            Mailbox<CodecRefusal> refusals,
            Mailbox<String> worn) {
        this.proxy = proxy;
        this.worn = worn;
        this.refusals = refusals;
        this.floods = floods;
        this.mirrors = mirrors;
        this.records = records;
        this.handshakes = handshakes;
    }

    /**
     * Starts one.
     *
     * @param loops event loops; the suite's second run says another number for all, see {@link
     *     #LOOPS}
     */
    static RunningProxy start(int loops, String bootstrap) {
        return start(
                ProxySettings.defaults().withEventLoops(Integer.getInteger(LOOPS, loops)),
                bootstrap);
    }

    /**
     * The same with an overload manager.
     *
     * @param memory bytes in use
     */
    static RunningProxy overloaded(LongSupplier memory, String bootstrap) {
        return start(
                ProxySettings.defaults()
                        .withEventLoops(Integer.getInteger(LOOPS, 1))
                        .withOverload(
                                new Overload(
                                        parse(bootstrap).overload(),
                                        memory,
                                        new RuntimeLayers(RuntimeSpec.NONE))),
                bootstrap);
    }

    static RunningProxy start(ProxySettings settings, String bootstrap) {
        Mailbox<ExchangeRecord> records = new Mailbox<>("exchange records");
        return start(settings, records, records::put, bootstrap);
    }

    /** One that keeps no records, so that it can run for any time. */
    static RunningProxy forgetful(int loops, String bootstrap) {
        return start(
                ProxySettings.defaults().withEventLoops(loops),
                new Mailbox<>("exchange records"),
                record -> {},
                bootstrap);
    }

    private static RunningProxy start(
            ProxySettings settings,
            Mailbox<ExchangeRecord> records,
            ExchangeObserver observer,
            String bootstrap) {
        Mailbox<String> handshakes = new Mailbox<>("failed handshakes");
        Mailbox<String> mirrors = new Mailbox<>("mirrored requests");
        Mailbox<Flood> floods = new Mailbox<>("floods");
        Mailbox<CodecRefusal> refusals = new Mailbox<>("refusals of codecs");
        Mailbox<String> worn = new Mailbox<>("worn connections");
        Proxy proxy =
                Proxy.start(
                        settings.withSeed(42)
                                .withRuntime(new RuntimeLayers(parse(bootstrap).runtime()))
                                .withSource(parse(bootstrap).upstreamSource()),
                        new ProxyObservers(
                                observer,
                                new Codecs(floods, refusals, worn),
                                new Failures(handshakes),
                                (cluster, end) -> mirrors.put(cluster + " " + end.word()),
                                new Upstreams(floods, worn)));
        RunningProxy running =
                new RunningProxy(proxy, records, handshakes, mirrors, floods, refusals, worn);
        running.swap(1, bootstrap);
        return running;
    }

    /** Puts another bootstrap's listeners and clusters in force. */
    void swap(long version, String bootstrap) {
        BootstrapSpec spec = parse(bootstrap);
        List<Problem> problems =
                Patience.await(proxy.swap(Bootstraps.snapshot(version, spec)), "the swap");
        assertThat(problems).as("listeners that could not be bound").isEmpty();
    }

    Proxy proxy() {
        return proxy;
    }

    /** Port of the only listener. */
    int port() {
        List<Listeners.Bound> bound = Patience.await(proxy.bound(), "the listeners");
        assertThat(bound).as("listeners").hasSize(1);
        return bound.getFirst().address().getPort();
    }

    /** Port of the listener of this name. */
    int port(String listener) {
        return Patience.await(proxy.bound(), "the listeners").stream()
                .filter(bound -> bound.name().equals(listener))
                .findFirst()
                .orElseThrow()
                .address()
                .getPort();
    }

    /** The record of the next exchange that finished. */
    ExchangeRecord nextRecord() {
        return records.take();
    }

    /** Why the next connection of a client got no further than its handshake. */
    String nextFailedHandshake() {
        return handshakes.take();
    }

    /** Cluster and outcome of the next mirrored request that is over. */
    String nextMirror() {
        return mirrors.take();
    }

    /** Why requests were refused by a codec so far. */
    List<CodecRefusal> refusals() {
        return refusals.received();
    }

    /** Why the next connection of HTTP/2 was ended that sent too much of something. */
    Flood nextFlood() {
        return floods.take();
    }

    /** Whose connection had enough next, and of what. */
    String nextWorn() {
        return worn.next();
    }

    private record Upstreams(Mailbox<Flood> floods, Mailbox<String> worn)
            implements UpstreamObserver {
        @Override
        public void flooded(Flood flood) {
            floods.put(flood);
        }

        @Override
        public void worn(Worn what) {
            worn.put("upstream " + what.word());
        }
    }

    private record Codecs(
            Mailbox<Flood> floods, Mailbox<CodecRefusal> refusals, Mailbox<String> worn)
            implements RefusalObserver {
        @Override
        public void worn(Peer peer, Worn what) {
            worn.put("client " + what.word());
        }

        @Override
        public void refused(Peer peer, CodecRefusal refusal) {
            refusals.put(refusal);
        }

        @Override
        public void flooded(Peer peer, Flood flood) {
            floods.put(flood);
        }
    }

    private record Failures(Mailbox<String> reasons) implements ConnectionObserver {
        @Override
        public void opened(String listener) {}

        @Override
        public void closed(String listener) {}

        @Override
        public void refused(String listener, String reason) {
            reasons.put(reason);
        }

        @Override
        public void handshakeFailed(String listener, String reason) {
            reasons.put(reason);
        }
    }

    @Override
    public void close() {
        proxy.close();
    }

    static BootstrapSpec parse(String bootstrap) {
        return switch (BootstrapReader.read(bootstrap, "bootstrap.yaml")) {
            case Parsed.Ok<BootstrapSpec>(BootstrapSpec spec) -> spec;
            case Parsed.Refused<BootstrapSpec> refused ->
                    throw new AssertionError(refused.message());
        };
    }
}
