package dev.sluice.proxy.resource.listener;

import com.google.protobuf.Any;
import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.listener.FilterChainMatchSpec;
import dev.sluice.proxy.snapshot.listener.ListenerFilterSpec;
import dev.sluice.proxy.snapshot.listener.ListenerFilterSpec.Without;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the listener filters by the type of their configuration. Stateless. */
final class ListenerFilters {
    private static final String TLS = TlsInspector.getDescriptor().getFullName();
    private static final String HTTP = HttpInspector.getDescriptor().getFullName();
    private static final String PROXY = ProxyProtocol.getDescriptor().getFullName();
    private static final String DESTINATION = OriginalDst.getDescriptor().getFullName();

    private ListenerFilters() {}

    /**
     * The filters in their order. As in Envoy, the TLS inspector need not be named where a filter
     * chain can't be chosen without it, nor the original destination where connections are handed
     * on by it.
     *
     * @param matches of the listener's chains
     */
    static List<ListenerFilterSpec> parse(
            Listener proto, List<FilterChainMatchSpec> matches, Spot at) {
        List<ListenerFilterSpec> filters = new ArrayList<>();
        if (proto.getUseOriginalDst().getValue()) {
            filters.add(new ListenerFilterSpec.OriginalDst());
        }
        Spot spot = at.field("listener_filters");
        for (int i = 0; i < proto.getListenerFiltersCount(); i++) {
            filter(proto.getListenerFilters(i), spot.index(i)).ifPresent(filters::add);
        }
        if (matches.stream().anyMatch(ListenerFilters::looksIntoTls)
                && filters.stream().noneMatch(ListenerFilterSpec.TlsInspector.class::isInstance)) {
            filters.add(new ListenerFilterSpec.TlsInspector());
        }
        return filters;
    }

    private static boolean looksIntoTls(FilterChainMatchSpec match) {
        return !match.serverNames().isEmpty()
                || !match.applicationProtocols().isEmpty()
                || match.transportProtocol().equals("tls");
    }

    private static Optional<ListenerFilterSpec> filter(ListenerFilter proto, Spot at) {
        Spot spot = at.field("typed_config");
        Optional<Extensions.Config> found =
                Extensions.typed(proto.getName(), config(proto), "a typed_config", at);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Extensions.Config config = found.get();
        if (config.type().equals(TLS)) {
            return Extensions.open(config, TlsInspector.getDefaultInstance(), spot)
                    .map(inspector -> new ListenerFilterSpec.TlsInspector());
        }
        if (config.type().equals(HTTP)) {
            return Extensions.open(config, HttpInspector.getDefaultInstance(), spot)
                    .map(inspector -> new ListenerFilterSpec.HttpInspector());
        }
        if (config.type().equals(DESTINATION)) {
            return Extensions.open(config, OriginalDst.getDefaultInstance(), spot)
                    .map(inspector -> new ListenerFilterSpec.OriginalDst());
        }
        if (config.type().equals(PROXY)) {
            return Extensions.open(config, ProxyProtocol.getDefaultInstance(), spot)
                    .map(header ->
                            new ListenerFilterSpec.ProxyProtocol(
                                    header.getAllowRequestsWithoutProxyProtocol()
                                            ? Without.SERVED
                                            : Without.CLOSED));
        }
        return Extensions.unsupported(
                config, String.join(", ", TLS, HTTP, PROXY, DESTINATION), spot);
    }

    private static Optional<Any> config(ListenerFilter proto) {
        return proto.hasTypedConfig() ? Optional.of(proto.getTypedConfig()) : Optional.empty();
    }
}
