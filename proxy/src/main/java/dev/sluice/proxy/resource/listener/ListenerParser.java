package dev.sluice.proxy.resource.listener;

import com.google.protobuf.Any;
import dev.sluice.proxy.resource.part.Addresses;
import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.resource.read.Names;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.resource.tls.TransportSockets;
import dev.sluice.proxy.snapshot.listener.ConnectionLimitSpec;
import dev.sluice.proxy.snapshot.listener.FilterChainMatchSpec;
import dev.sluice.proxy.snapshot.listener.FilterChainSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec.Binding;
import dev.sluice.proxy.snapshot.listener.ListenerSpec.Direction;
import dev.sluice.proxy.snapshot.listener.ListenerSpec.Exemption;
import dev.sluice.proxy.snapshot.listener.ListenerSpec.Patience;
import dev.sluice.proxy.snapshot.listener.ListenerSpec.Reach;
import dev.sluice.proxy.snapshot.listener.ListenerSpec.Redirected;
import dev.sluice.proxy.snapshot.listener.ListenerSpec.Then;
import dev.sluice.proxy.snapshot.listener.NetworkFilterSpec;
import dev.sluice.proxy.snapshot.listener.TcpProxySpec;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import dev.sluice.proxy.snapshot.tls.DownstreamTlsSpec;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads listeners; empty after a problem. Stateless. */
public final class ListenerParser {
    private static final String HTTP = HttpConnectionManager.getDescriptor().getFullName();
    private static final String TCP = TcpProxy.getDescriptor().getFullName();
    private static final String SUPPORTED = HTTP + " or " + TCP;

    private ListenerParser() {}

    /** A listener without a name has its address as name. */
    public static Optional<ListenerSpec> parse(Listener proto, Spot at) {
        int before = at.problems().count();
        Optional<SocketAddressSpec> address =
                Addresses.listening(proto.getAddress(), at.field("address"));
        List<FilterChainSpec> chains = chains(proto, at.field("filter_chains"));
        Optional<FilterChainSpec> byDefault =
                proto.hasDefaultFilterChain()
                        ? chain(proto.getDefaultFilterChain(), at.field("default_filter_chain"))
                                .map(FilterChainSpec::asDefault)
                        : Optional.empty();
        if (proto.getFilterChainsCount() == 0 && !proto.hasDefaultFilterChain()) {
            at.field("filter_chains").add("no filter chain", "at least one", "write one");
        }
        var filters =
                ListenerFilters.parse(
                        proto, chains.stream().map(FilterChainSpec::match).toList(), at);
        Patience patience = patience(proto, at);
        if (at.problems().count() > before) {
            return Optional.empty();
        }
        String name =
                proto.getName().isEmpty() ? address.orElseThrow().toString() : proto.getName();
        return Optional.of(
                new ListenerSpec(
                        name,
                        address.orElseThrow(),
                        reach(proto),
                        filters,
                        patience,
                        chains,
                        exempt(proto),
                        byDefault));
    }

    private static Reach reach(Listener proto) {
        boolean socket = !proto.hasBindToPort() || proto.getBindToPort().getValue();
        return new Reach(
                socket ? Binding.SOCKET : Binding.NONE,
                proto.getUseOriginalDst().getValue() ? Redirected.HANDED_ON : Redirected.KEPT,
                switch (proto.getTrafficDirection()) {
                    case INBOUND -> Direction.INBOUND;
                    case OUTBOUND -> Direction.OUTBOUND;
                    case UNSPECIFIED, UNRECOGNIZED -> Direction.UNSAID;
                });
    }

    private static Set<Exemption> exempt(Listener proto) {
        Set<Exemption> exempt = EnumSet.noneOf(Exemption.class);
        if (proto.getIgnoreGlobalConnLimit()) {
            exempt.add(Exemption.CONNECTION_LIMIT);
        }
        if (proto.getBypassOverloadManager()) {
            exempt.add(Exemption.OVERLOAD);
        }
        return exempt;
    }

    private static Patience patience(Listener proto, Spot at) {
        Duration limit =
                proto.hasListenerFiltersTimeout()
                        ? Values.duration(
                                proto.getListenerFiltersTimeout(),
                                at.field("listener_filters_timeout"))
                        : Patience.DEFAULT.limit();
        return new Patience(
                limit, proto.getContinueOnListenerFiltersTimeout() ? Then.GO_ON : Then.CLOSE);
    }

    private static List<FilterChainSpec> chains(Listener proto, Spot at) {
        List<FilterChainSpec> chains = new ArrayList<>();
        Names names = new Names("filter chain");
        Set<FilterChainMatchSpec> matches = new HashSet<>();
        for (int i = 0; i < proto.getFilterChainsCount(); i++) {
            FilterChain one = proto.getFilterChains(i);
            Spot spot = at.index(i);
            if (!one.getName().isEmpty()) {
                names.take(one.getName(), spot.field("name"));
            }
            Optional<FilterChainSpec> chain = chain(one, spot);
            chain.ifPresent(chains::add);
            if (!chain.map(FilterChainSpec::match).map(matches::add).orElse(true)) {
                spot.field("filter_chain_match")
                        .add(
                                "the match of an earlier filter chain",
                                "a match of its own for each chain",
                                "change the match, or remove the chain, which gets no connection");
            }
        }
        return chains;
    }

    /**
     * What identifies a chain without a name is what it matches: connections keep to their chain's
     * routes, wherever it stands in the list.
     */
    private static String name(FilterChain proto, FilterChainMatchSpec match) {
        if (!proto.getName().isEmpty()) {
            return proto.getName();
        }
        return match.equals(FilterChainMatchSpec.ALL) ? "all" : match.toString();
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
        FilterChainMatchSpec match =
                FilterChainMatchParser.parse(
                        proto.getFilterChainMatch(), at.field("filter_chain_match"));
        QuietFilters.check(tls, at.field("transport_socket"));
        int quiet = QuietFilters.count(proto.getFiltersList(), at.field("filters"));
        List<Filter> loud = proto.getFiltersList().subList(quiet, proto.getFiltersCount());
        Optional<ConnectionLimitSpec> limit =
                ConnectionLimitParser.parse(loud, quiet, at.field("filters"));
        return filters(loud, quiet, at.field("filters"))
                .map(filter ->
                        new FilterChainSpec(
                                name(proto, match),
                                match,
                                limit,
                                filter,
                                carrying(filter, tls),
                                timeout));
    }

    private static Optional<DownstreamTlsSpec> carrying(
            NetworkFilterSpec filter, Optional<DownstreamTlsSpec> tls) {
        return switch (filter) {
            case HttpConnectionManagerSpec _ -> tls;
            case TcpProxySpec _ -> tls.map(DownstreamTlsSpec::carryingBytes);
        };
    }

    private static Optional<NetworkFilterSpec> filters(List<Filter> filters, int from, Spot at) {
        int before = ConnectionLimitParser.count(filters);
        if (filters.size() != before + 1) {
            at.add(
                    filters.size() + " network filters",
                    "one connection limit at most, then the HTTP connection manager or the TCP proxy",
                    "leave these alone in the chain");
            return Optional.empty();
        }
        return filter(filters.get(before), at.index(from + before));
    }

    private static Optional<NetworkFilterSpec> filter(Filter proto, Spot at) {
        Spot spot = at.field("typed_config");
        Optional<Extensions.Config> found =
                Extensions.typed(proto.getName(), config(proto), SUPPORTED, at);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Extensions.Config config = found.get();
        if (config.type().equals(HTTP)) {
            return Extensions.open(config, HttpConnectionManager.getDefaultInstance(), spot)
                    .flatMap(manager -> HttpConnectionManagerParser.parse(manager, spot));
        }
        if (config.type().equals(TCP)) {
            return Extensions.open(config, TcpProxy.getDefaultInstance(), spot)
                    .flatMap(proxy -> TcpProxyParser.parse(proxy, spot));
        }
        return Extensions.unsupported(config, SUPPORTED, spot);
    }

    private static Optional<Any> config(Filter proto) {
        return proto.hasTypedConfig() ? Optional.of(proto.getTypedConfig()) : Optional.empty();
    }
}
