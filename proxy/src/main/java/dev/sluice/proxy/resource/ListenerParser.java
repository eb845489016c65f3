package dev.sluice.proxy.resource;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.snapshot.FilterChainSpec;
import dev.sluice.proxy.snapshot.ListenerSpec;
import dev.sluice.proxy.snapshot.NetworkFilterSpec;
import dev.sluice.proxy.snapshot.SocketAddressSpec;
import dev.sluice.proxy.snapshot.tls.DownstreamTlsSpec;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads listeners; empty after a problem. Stateless. */
final class ListenerParser {
    private ListenerParser() {}

    /** A listener without a name has its address as name. */
    static Optional<ListenerSpec> parse(Listener proto, Spot at) {
        Optional<SocketAddressSpec> address =
                Addresses.listening(proto.getAddress(), at.field("address"));
        int before = at.problems().count();
        Optional<FilterChainSpec> chain = Optional.empty();
        if (proto.getFilterChainsCount() == 1) {
            chain = chain(proto.getFilterChains(0), at.field("filter_chains").index(0));
        } else {
            at.field("filter_chains")
                    .add(
                            proto.getFilterChainsCount() + " filter chains",
                            "one filter chain",
                            "write a listener of its own for each kind of connection");
        }
        if (address.isEmpty() || chain.isEmpty() || at.problems().count() > before) {
            return Optional.empty();
        }
        String name = proto.getName().isEmpty() ? address.get().toString() : proto.getName();
        return Optional.of(new ListenerSpec(name, address.get(), List.of(chain.get())));
    }

    private static Optional<FilterChainSpec> chain(FilterChain proto, Spot at) {
        Optional<DownstreamTlsSpec> tls =
                proto.hasTransportSocket()
                        ? TransportSockets.downstream(
                                proto.getTransportSocket(), at.field("transport_socket"))
                        : Optional.empty();
        Duration timeout =
                proto.hasTransportSocketConnectTimeout()
                        ? Values.duration(
                                proto.getTransportSocketConnectTimeout(),
                                at.field("transport_socket_connect_timeout"))
                        : FilterChainSpec.HANDSHAKE_TIMEOUT;
        return filters(proto, at).map(filter -> new FilterChainSpec(filter, tls, timeout));
    }

    private static Optional<NetworkFilterSpec> filters(FilterChain proto, Spot at) {
        Spot filters = at.field("filters");
        if (proto.getFiltersCount() != 1) {
            filters.add(
                    proto.getFiltersCount() + " network filters",
                    "one: the HTTP connection manager",
                    "leave the HTTP connection manager alone in the chain");
            return Optional.empty();
        }
        return filter(proto.getFilters(0), filters.index(0));
    }

    private static Optional<NetworkFilterSpec> filter(Filter proto, Spot at) {
        if (!proto.hasTypedConfig()) {
            at.add(
                    Problem.quote(proto.getName()) + " without typed_config",
                    HttpConnectionManager.getDescriptor().getFullName(),
                    "write its typed_config");
            return Optional.empty();
        }
        Spot spot = at.field("typed_config");
        return Extensions.only(
                        proto.getTypedConfig(), HttpConnectionManager.getDefaultInstance(), spot)
                .flatMap(manager -> HttpConnectionManagerParser.parse(manager, spot));
    }
}
