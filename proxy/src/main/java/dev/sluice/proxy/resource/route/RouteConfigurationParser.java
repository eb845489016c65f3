package dev.sluice.proxy.resource.route;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.filter.FilterSettings;
import dev.sluice.proxy.resource.filter.GateConfigs;
import dev.sluice.proxy.resource.header.HeaderMutationParser;
import dev.sluice.proxy.resource.read.Names;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.route.MirrorSpec;
import dev.sluice.proxy.snapshot.route.RetrySpec;
import dev.sluice.proxy.snapshot.route.RetrySpec.Slow;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.Numbering;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec.HostPort;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec.MutationOrder;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec.UnknownClusters;
import dev.sluice.proxy.snapshot.route.RouteSpec;
import dev.sluice.proxy.snapshot.route.VirtualHostSpec;
import dev.sluice.proxy.snapshot.route.VirtualHostSpec.RequiredTls;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads route configurations and their virtual hosts; empty after a problem. Stateless. */
public final class RouteConfigurationParser {
    private static final int DEFAULT_BODY_BYTES = 4096;

    private RouteConfigurationParser() {}

    /** One route configuration; empty after a problem. */
    public static Optional<RouteConfigurationSpec> parse(RouteConfiguration proto, Spot at) {
        int before = at.problems().count();
        GateConfigs.none(proto.getTypedPerFilterConfigMap(), at.field("typed_per_filter_config"));
        int body =
                proto.hasMaxDirectResponseBodySizeBytes()
                        ? Values.number(
                                proto.getMaxDirectResponseBodySizeBytes(),
                                0,
                                Integer.MAX_VALUE,
                                at.field("max_direct_response_body_size_bytes"))
                        : DEFAULT_BODY_BYTES;
        List<MirrorSpec> mirrors =
                MirrorParser.parse(
                        proto.getRequestMirrorPoliciesList(),
                        List.of(),
                        at.field("request_mirror_policies"));
        Names names = new Names("virtual host");
        Names domains = new Names("domain");
        List<VirtualHostSpec> hosts = new ArrayList<>();
        for (int i = 0; i < proto.getVirtualHostsCount(); i++) {
            VirtualHost host = proto.getVirtualHosts(i);
            Spot spot = at.field("virtual_hosts").index(i);
            names.take(Values.text(host.getName(), spot.field("name")), spot.field("name"));
            hosts.add(
                    virtualHost(
                            host,
                            domains,
                            new Inherited(Optional.empty(), Slow.GIVEN_UP, mirrors, Numbering.NONE),
                            body,
                            spot));
        }
        RouteConfigurationSpec spec =
                new RouteConfigurationSpec(
                        proto.getName(),
                        hosts,
                        FilterSettings.ofRoute(
                                proto.getTypedPerFilterConfigMap(),
                                at.field("typed_per_filter_config")),
                        HeaderMutationParser.parse(
                                proto.getRequestHeadersToRemoveList(),
                                proto.getRequestHeadersToAddList(),
                                proto.getResponseHeadersToRemoveList(),
                                proto.getResponseHeadersToAddList(),
                                at),
                        proto.getMostSpecificHeaderMutationsWins()
                                ? MutationOrder.SPECIFIC_LAST
                                : MutationOrder.GENERAL_LAST,
                        proto.getIgnorePortInHostMatching() ? HostPort.IGNORED : HostPort.COUNTS,
                        awaitsClusters(proto) ? UnknownClusters.AWAITED : UnknownClusters.REFUSED);
        return at.problems().count() > before ? Optional.empty() : Optional.of(spec);
    }

    /** Whether the clusters that these routes choose must be there. */
    public static boolean awaitsClusters(RouteConfiguration proto) {
        return !proto.hasValidateClusters() || proto.getValidateClusters().getValue();
    }

    private static VirtualHostSpec virtualHost(
            VirtualHost proto, Names taken, Inherited general, int bodyBytes, Spot at) {
        GateConfigs.none(proto.getTypedPerFilterConfigMap(), at.field("typed_per_filter_config"));
        Optional<RetrySpec> retry =
                proto.hasRetryPolicy()
                        ? RetryParser.parse(proto.getRetryPolicy(), at.field("retry_policy"))
                        : Optional.empty();
        List<MirrorSpec> mirrors =
                MirrorParser.parse(
                        proto.getRequestMirrorPoliciesList(),
                        general.mirrors(),
                        at.field("request_mirror_policies"));
        Slow slow = RetryParser.slow(proto.getHedgePolicy());
        Numbering numbering = numbering(proto.getIncludeRequestAttemptCount());
        RouteParser parser =
                new RouteParser(new Inherited(retry, slow, mirrors, numbering), bodyBytes);
        List<RouteSpec> routes = new ArrayList<>();
        for (int i = 0; i < proto.getRoutesCount(); i++) {
            parser.parse(proto.getRoutes(i), at.field("routes").index(i)).ifPresent(routes::add);
        }
        return new VirtualHostSpec(
                proto.getName(),
                domains(proto, taken, at.field("domains")),
                routes,
                FilterSettings.ofRoute(
                        proto.getTypedPerFilterConfigMap(), at.field("typed_per_filter_config")),
                HeaderMutationParser.parse(
                        proto.getRequestHeadersToRemoveList(),
                        proto.getRequestHeadersToAddList(),
                        proto.getResponseHeadersToRemoveList(),
                        proto.getResponseHeadersToAddList(),
                        at),
                numbering(proto.getIncludeAttemptCountInResponse()),
                tls(proto, at.field("require_tls")));
    }

    private static Numbering numbering(boolean told) {
        return told ? Numbering.TOLD : Numbering.NONE;
    }

    private static RequiredTls tls(VirtualHost proto, Spot at) {
        return switch (proto.getRequireTls()) {
            case NONE -> RequiredTls.NOBODY;
            case EXTERNAL_ONLY -> RequiredTls.OUTSIDERS;
            case ALL -> RequiredTls.EVERYBODY;
            case UNRECOGNIZED -> {
                at.add(
                        "unknown number " + proto.getRequireTlsValue(),
                        "NONE, EXTERNAL_ONLY or ALL",
                        "choose one");
                yield RequiredTls.EVERYBODY;
            }
        };
    }

    private static List<String> domains(VirtualHost proto, Names taken, Spot at) {
        if (proto.getDomainsCount() == 0) {
            at.add("no domains", "at least one", "write \"*\" for every host");
        }
        List<String> domains = new ArrayList<>();
        for (int i = 0; i < proto.getDomainsCount(); i++) {
            String domain = proto.getDomains(i).toLowerCase(Locale.ROOT);
            Spot spot = at.index(i);
            if (isDomain(domain)) {
                taken.take(domain, spot);
                domains.add(domain);
            } else {
                spot.add(
                        Problem.quote(domain),
                        "a host, `*.suffix`, `prefix.*` or `*`",
                        "use one * at most, at the start or at the end");
            }
        }
        return domains;
    }

    private static boolean isDomain(String domain) {
        int star = domain.indexOf('*');
        boolean oneAtAnEnd =
                star < 0
                        || (star == domain.lastIndexOf('*')
                                && (star == 0 || star == domain.length() - 1));
        return !domain.isEmpty() && oneAtAnEnd && domain.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
