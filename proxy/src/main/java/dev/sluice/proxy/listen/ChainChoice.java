package dev.sluice.proxy.listen;

import dev.sluice.proxy.codec.TransportSecurity;
import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.snapshot.listener.FilterChainMatchSpec;
import dev.sluice.proxy.snapshot.listener.FilterChainSpec;
import dev.sluice.proxy.snapshot.listener.ListenerFilterSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec.Redirected;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The filter chains of a listener on one event loop, and how a connection gets to its own: at once
 * where there is nothing to choose and nothing to look at, else through the listener filters.
 * Loop-owned.
 */
final class ChainChoice {
    private final ListenerSpec spec;
    private final List<ChainOnLoop> chains;
    private final Optional<ChainOnLoop> byDefault;
    private final ConnectionObserver observer;
    private final Elsewhere elsewhere;
    private final ChainMatcher matcher;
    private final List<Inspection.Filter> filters;
    private final Optional<ChainOnLoop> only;

    ChainChoice(
            ListenerSpec spec,
            List<ChainOnLoop> chains,
            Optional<ChainOnLoop> byDefault,
            ConnectionObserver observer,
            Elsewhere elsewhere) {
        this.spec = spec;
        this.chains = chains;
        this.byDefault = byDefault;
        this.observer = observer;
        this.elsewhere = elsewhere;
        matcher = new ChainMatcher(spec.chains().stream().map(FilterChainSpec::match).toList());
        filters = filters(spec.filters());
        only = spec.filters().isEmpty() ? only(chains, byDefault) : Optional.empty();
    }

    private static Optional<ChainOnLoop> only(
            List<ChainOnLoop> chains, Optional<ChainOnLoop> byDefault) {
        if (chains.isEmpty()) {
            return byDefault;
        }
        boolean all = chains.getFirst().spec().match().equals(FilterChainMatchSpec.ALL);
        return all && chains.size() == 1 ? Optional.of(chains.getFirst()) : Optional.empty();
    }

    /** The original destination is no matter of bytes: it is asked for beforehand. */
    private static List<Inspection.Filter> filters(List<ListenerFilterSpec> specs) {
        List<Inspection.Filter> filters = new ArrayList<>();
        for (ListenerFilterSpec spec : specs) {
            switch (spec) {
                case ListenerFilterSpec.ProxyProtocol(var without) ->
                        filters.add(new ProxyProtocolFilter(without));
                case ListenerFilterSpec.TlsInspector() -> filters.add(new TlsInspector());
                case ListenerFilterSpec.HttpInspector() -> filters.add(new HttpInspector());
                case ListenerFilterSpec.OriginalDst() -> {}
            }
        }
        return List.copyOf(filters);
    }

    /**
     * Takes an accepted connection; empty: it is refused.
     *
     * @param handedOn what another listener has found out that handed it on
     * @param gone run when this listener hands it on
     */
    Optional<ServerConnection> begin(
            Channel channel, Optional<ConnectionFacts> handedOn, Runnable gone) {
        if (only.isPresent()) {
            return begin(only.get(), channel, known(handedOn));
        }
        Optional<ConnectionFacts> facts = handedOn.isPresent() ? handedOn : facts(channel);
        if (facts.isEmpty()) {
            return Optional.empty();
        }
        Inspector inspector =
                new Inspector(
                        filters,
                        facts.get(),
                        spec.patience(),
                        new Chosen(handedOn.isEmpty(), gone));
        channel.pipeline().addLast(inspector);
        return Optional.of(inspector);
    }

    private static TransportSecurity known(Optional<ConnectionFacts> facts) {
        return facts.filter(ConnectionFacts::told)
                .map(told -> TransportSecurity.CLEAR.between(told.remote(), told.local()))
                .orElse(TransportSecurity.CLEAR);
    }

    private Optional<ServerConnection> begin(
            ChainOnLoop chain, Channel channel, TransportSecurity known) {
        Optional<ServerConnection> begun =
                chain.begin(channel, known, cause -> failed(String.valueOf(cause)));
        if (begun.isEmpty()) {
            failed("no certificate yet");
        }
        return begun;
    }

    private void failed(String reason) {
        observer.handshakeFailed(spec.name(), reason);
    }

    /**
     * Empty when the client has gone already. Where the kernel tracks connections, it also says of
     * one that it did not redirect where it was going: here.
     */
    private Optional<ConnectionFacts> facts(Channel channel) {
        if (channel.remoteAddress() instanceof InetSocketAddress remote
                && channel.localAddress() instanceof InetSocketAddress local) {
            ConnectionFacts facts = ConnectionFacts.of(remote, local);
            boolean redirected =
                    spec.filters().stream()
                            .anyMatch(ListenerFilterSpec.OriginalDst.class::isInstance);
            return Optional.of(
                    redirected
                            ? OriginalDestination.of(channel)
                                    .filter(wanted -> !wanted.equals(local))
                                    .map(wanted -> facts.between(remote, wanted))
                                    .orElse(facts)
                            : facts);
        }
        return Optional.empty();
    }

    private Optional<ChainOnLoop> choose(ConnectionFacts facts) {
        OptionalInt index = matcher.match(facts);
        return index.isPresent() ? Optional.of(chains.get(index.getAsInt())) : byDefault;
    }

    /** What comes after the listener filters. */
    private final class Chosen implements Inspector.Next {
        private final boolean first;
        private final Runnable gone;

        /**
         * @param first whether no other listener has handed the connection on: one may
         * @param gone run when this one does
         */
        Chosen(boolean first, Runnable gone) {
            this.first = first;
            this.gone = gone;
        }

        @Override
        public Optional<ServerConnection> begin(
                ChannelHandlerContext context, ConnectionFacts facts) {
            Optional<Generation> other =
                    first && facts.told() && spec.reach().redirected() == Redirected.HANDED_ON
                            ? elsewhere
                                    .listener(facts.local())
                                    .filter(one -> !one.spec().name().equals(spec.name()))
                            : Optional.empty();
            if (other.isPresent()) {
                gone.run();
                return other.get().takeOver(context.channel(), facts);
            }
            Optional<ChainOnLoop> chain = choose(facts);
            if (chain.isEmpty()) {
                refused("no filter chain fits");
                return Optional.empty();
            }
            return ChainChoice.this.begin(
                    chain.get(), context.channel(), known(Optional.of(facts)));
        }

        @Override
        public void refused(String reason) {
            observer.refused(spec.name(), reason);
        }
    }
}
