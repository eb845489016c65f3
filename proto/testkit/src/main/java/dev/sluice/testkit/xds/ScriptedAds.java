package dev.sluice.testkit.xds;

import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.grpc.GrpcPeer;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A management server on a free loopback port whose every answer the test gives: state-of-the-world
 * and incremental ADS, and incremental discovery under any further method name, such as {@code
 * sluice.gate.v1.GateDiscoveryService/DeltaGates}. Thread-safe.
 *
 * <p>{@code SotwStream stream = ads.nextSotw(); stream.awaitRequest(CDS); String nonce =
 * stream.send(CDS, "1", clusters); stream.awaitAck(nonce);}. For tests that only need some
 * configuration to be there, {@link #serving} answers by itself.
 */
public final class ScriptedAds implements AutoCloseable {
    private final Mailbox<SotwStream> sotw = new Mailbox<>("a state-of-the-world stream");
    private final Mailbox<DeltaStream> delta = new Mailbox<>("an incremental stream");
    private final Set<String> deltaMethods;
    private final StandingConfig config;
    private final Function<String, Optional<GrpcPeer.Served<?, ?>>> others;
    private final GrpcPeer peer;

    private ScriptedAds(
            StandingConfig config,
            Set<String> deltaMethods,
            Function<String, Optional<GrpcPeer.Served<?, ?>>> others) {
        this.config = config;
        this.deltaMethods = deltaMethods;
        this.others = others;
        this.peer = GrpcPeer.start(this::method);
    }

    /**
     * Serves ADS, and incremental discovery under the further methods; answers nothing by itself.
     *
     * @param deltaMethods {@code package.Service/Method}
     */
    public static ScriptedAds start(String... deltaMethods) {
        return new ScriptedAds(
                new StandingConfig(), Set.of(deltaMethods), method -> Optional.empty());
    }

    /** The same, and answers every subscription from {@code config}, now and at each change. */
    public static ScriptedAds serving(StandingConfig config, String... deltaMethods) {
        return new ScriptedAds(config, Set.of(deltaMethods), method -> Optional.empty());
    }

    /**
     * The same, and serves further methods on the same port.
     *
     * @param others by full name; empty is answered UNIMPLEMENTED
     */
    public static ScriptedAds servingWith(
            StandingConfig config,
            Function<String, Optional<GrpcPeer.Served<?, ?>>> others,
            String... deltaMethods) {
        return new ScriptedAds(config, Set.of(deltaMethods), others);
    }

    public int port() {
        return peer.port();
    }

    /** Takes the next state-of-the-world stream that a client opens, waiting for it. */
    public SotwStream nextSotw() {
        return sotw.next();
    }

    /** Takes the next incremental ADS stream that a client opens, waiting for it. */
    public DeltaStream nextDelta() {
        return nextDelta(XdsMethods.DELTA_ADS);
    }

    /** Takes the next incremental stream that a client opens under that method. */
    public DeltaStream nextDelta(String method) {
        return delta.next("of " + method, stream -> stream.method().equals(method));
    }

    /** Breaks all connections and refuses new ones until {@link #accept}. */
    public void refuse() {
        peer.refuse();
    }

    /** Listens again on the same port. */
    public void accept() {
        peer.accept();
    }

    @Override
    public void close() {
        peer.close();
    }

    private Optional<GrpcPeer.Served<?, ?>> method(String name) {
        if (name.equals(XdsMethods.SOTW.getFullMethodName())) {
            return Optional.of(
                    new GrpcPeer.Served<>(XdsMethods.SOTW, call -> play(new SotwStream(call))));
        }
        if (name.equals(XdsMethods.DELTA_ADS) || deltaMethods.contains(name)) {
            return Optional.of(
                    new GrpcPeer.Served<>(
                            XdsMethods.delta(name), call -> play(new DeltaStream(call))));
        }
        return others.apply(name);
    }

    private void play(SotwStream stream) {
        sotw.put(stream);
        SotwSubscriber subscriber = new SotwSubscriber(config, stream);
        config.join(subscriber);
        try {
            stream.pump(subscriber::requested);
        } finally {
            config.leave(subscriber);
        }
    }

    private void play(DeltaStream stream) {
        delta.put(stream);
        DeltaSubscriber subscriber = new DeltaSubscriber(config, stream);
        config.join(subscriber);
        try {
            stream.pump(subscriber::requested);
        } finally {
            config.leave(subscriber);
        }
    }
}
