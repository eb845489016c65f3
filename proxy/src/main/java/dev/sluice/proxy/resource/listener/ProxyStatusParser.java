package dev.sluice.proxy.resource.listener;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.listener.ProxyStatusSpec;
import dev.sluice.proxy.snapshot.listener.ProxyStatusSpec.Details;
import dev.sluice.proxy.snapshot.listener.ProxyStatusSpec.Status;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ProxyStatusConfig;
import java.util.Optional;

/** Reads what {@code proxy-status} says. Stateless. */
final class ProxyStatusParser {
    private ProxyStatusParser() {}

    static ProxyStatusSpec parse(HttpConnectionManager http, Spot at) {
        if (!http.hasProxyStatusConfig()) {
            return ProxyStatusSpec.DEFAULT;
        }
        ProxyStatusConfig proto = http.getProxyStatusConfig();
        Details details = proto.getRemoveResponseFlags() ? Details.CODE : Details.CODE_AND_FLAGS;
        return new ProxyStatusSpec(
                name(http, at),
                proto.getRemoveDetails() ? Details.NONE : details,
                proto.getSetRecommendedResponseCode() ? Status.RECOMMENDED : Status.OWN);
    }

    /** As in Envoy, a proxy that is not named here has the name of {@code server}. */
    private static Optional<String> name(HttpConnectionManager http, Spot at) {
        ProxyStatusConfig proto = http.getProxyStatusConfig();
        if (proto.getUseNodeId()) {
            return Optional.empty();
        }
        String name = proto.getLiteralProxyName();
        if (!name.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            at.field("literal_proxy_name")
                    .add(Problem.quote(name), "printable ASCII (RFC 9209)", "write another name");
        }
        String server =
                http.getServerName().isEmpty() ? ProxyStatusSpec.NAME : http.getServerName();
        return Optional.of(name.isEmpty() ? server : name);
    }
}
