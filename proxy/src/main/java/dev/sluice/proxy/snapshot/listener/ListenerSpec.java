package dev.sluice.proxy.snapshot.listener;

import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A listening socket and what is done with its connections (Envoy {@code Listener}). Immutable.
 *
 * @param name unique among listeners
 * @param address where it binds, or what clients wanted to reach whose connections it is given
 * @param reach how connections come to it
 * @param filters what is looked at before a chain is chosen, in order
 * @param patience with these filters
 * @param chains one of which a connection gets, by what they match
 * @param exempt from what of the overload manager
 * @param defaultChain what a connection gets that no chain matches; absent: it is closed
 */
public record ListenerSpec(
        String name,
        SocketAddressSpec address,
        Reach reach,
        List<ListenerFilterSpec> filters,
        Patience patience,
        List<FilterChainSpec> chains,
        Set<Exemption> exempt,
        Optional<FilterChainSpec> defaultChain) {
    public ListenerSpec {
        filters = List.copyOf(filters);
        chains = List.copyOf(chains);
        exempt = Set.copyOf(exempt);
    }

    /**
     * How connections come to a listener.
     *
     * @param binding whether it has a socket
     * @param redirected what becomes of connections that wanted to reach another listener
     * @param direction whose connections they are
     */
    public record Reach(Binding binding, Redirected redirected, Direction direction) {
        /** Envoy's default. */
        public static final Reach DEFAULT =
                new Reach(Binding.SOCKET, Redirected.KEPT, Direction.UNSAID);
    }

    /** Whose connections come to a listener (Envoy {@code traffic_direction}). */
    public enum Direction {
        /** Those of callers of the application beside this proxy. */
        INBOUND,
        /** Those of the application itself. */
        OUTBOUND,
        UNSAID
    }

    /** Whether a listener has a socket. */
    public enum Binding {
        SOCKET,
        /**
         * It is given connections by those that hand them on (Envoy {@code bind_to_port: false}).
         */
        NONE
    }

    /** What becomes of connections that wanted to reach another listener. */
    public enum Redirected {
        KEPT,
        /** The listener of the wanted address gets them (Envoy {@code use_original_dst}). */
        HANDED_ON
    }

    /** What a listener may be exempt from. */
    public enum Exemption {
        /** Its connections neither count nor are limited ({@code ignore_global_conn_limit}). */
        CONNECTION_LIMIT,
        /** Nothing of it is shed ({@code bypass_overload_manager}). */
        OVERLOAD
    }

    /**
     * How long listener filters may look.
     *
     * @param limit default 15 s; zero: no limit
     * @param then what happens to the connection
     */
    public record Patience(Duration limit, Then then) {
        /** Envoy's default. */
        public static final Patience DEFAULT = new Patience(Duration.ofSeconds(15), Then.CLOSE);
    }

    /** What happens when listener filters have not seen enough in time. */
    public enum Then {
        CLOSE,
        /** The chain is chosen by what is known ({@code continue_on_listener_filters_timeout}). */
        GO_ON
    }

    /** The chains and the default one. */
    public Stream<FilterChainSpec> allChains() {
        return Stream.concat(chains.stream(), defaultChain.stream());
    }

    /** Under which name the routes of a chain are in force. */
    public String routesKey(FilterChainSpec chain) {
        return name + "/" + chain.name();
    }
}
