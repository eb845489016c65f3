package dev.sluice.control.lifecycle.structure;

import dev.sluice.contract.Problem;
import dev.sluice.contract.VersionName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.StaleVersions;
import dev.sluice.control.catalog.Version;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.Endpoints.Endpoint;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.change.spec.VersionSpec.HealthCheck;
import dev.sluice.control.change.spec.VersionSpec.HealthCheck.Check;
import dev.sluice.control.change.spec.VersionSpec.Inbound;
import dev.sluice.control.change.spec.VersionSpec.SchemaRange;
import dev.sluice.control.change.spec.VersionSpec.UpstreamTls;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.math.BigInteger;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Decides about versions. Immutable. */
public record VersionRules(Catalog catalog, CommandContext context) {
    private static final Pattern DOTTED = Pattern.compile("\\d{1,18}(\\.\\d{1,18}){0,7}");
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int LONGEST_HOST = 253;
    private static final int LONGEST_FILE = 4_096;

    public Decision create(VersionSpec spec) {
        Refusals refusals = new Refusals();
        if (catalog.version(spec.name()).isPresent()) {
            refusals.exists(spec.name());
        }
        check(spec, refusals);
        return refusals.orElse(() -> List.of(new Event.VersionPut(spec)));
    }

    public Decision update(VersionSpec spec) {
        Refusals refusals = new Refusals();
        Optional<Version> present = refusals.require(catalog.version(spec.name()), spec.name());
        present.ifPresent(version -> refusals.checkEtag(version, context));
        check(spec, refusals);
        boolean same = present.filter(version -> version.spec().equals(spec)).isPresent();
        return refusals.orElse(() -> same ? List.of() : List.of(new Event.VersionPut(spec)));
    }

    public Decision delete(VersionName name) {
        Refusals refusals = new Refusals();
        refusals.require(catalog.version(name), name)
                .ifPresent(version -> refusals.checkEtag(version, context));
        StaleVersions.users(catalog, name).forEach(refusals::inUse);
        return refusals.orElse(() -> List.of(new Event.VersionDeleted(name)));
    }

    /** Changes nothing where there is nothing to tell any more. */
    public Decision tellExpiry(VersionName name) {
        return new Decision.Change(
                catalog
                        .version(name)
                        .filter(version ->
                                StaleVersions.isToBeTold(catalog, version, context.time()))
                        .<Event>map(version ->
                                new Event.VersionExpired(
                                        name,
                                        version.spec().expires().orElseThrow(),
                                        StaleVersions.users(catalog, name)))
                        .stream()
                        .toList());
    }

    private void check(VersionSpec spec, Refusals refusals) {
        Ranges ranges = new Ranges(refusals);
        refusals.reference(catalog.service(spec.name().service()), "parent", spec.name().service());
        ranges.labels(spec.labels());
        ranges.duration("connect_timeout", spec.connectTimeout(), MILLI, Duration.ofMinutes(1));
        checkEndpoints(spec.endpoints(), refusals, ranges);
        spec.tls().ifPresent(tls -> checkTls(tls, refusals, ranges));
        spec.healthCheck().ifPresent(check -> checkHealth(check, refusals, ranges));
        spec.acceptedSchema().ifPresent(range -> checkSchema(range, refusals, ranges));
        spec.inbound().ifPresent(inbound -> checkInbound(inbound, refusals, ranges));
        new Listeners(catalog).check(spec, refusals);
    }

    private static void checkEndpoints(Endpoints endpoints, Refusals refusals, Ranges ranges) {
        switch (endpoints) {
            case Endpoints.Static(var list) -> checkList("static", list, refusals, ranges);
            case Endpoints.Eds(var list) -> checkList("eds", list, refusals, ranges);
            case Endpoints.Dns dns -> {
                ranges.text("dns.host", dns.host(), 1, LONGEST_HOST);
                ranges.port("dns.port", dns.port());
                ranges.duration("dns.refresh", dns.refresh(), Duration.ofSeconds(1), HOUR);
            }
        }
    }

    private static void checkList(
            String path, List<Endpoint> endpoints, Refusals refusals, Ranges ranges) {
        if (endpoints.isEmpty()) {
            refusals.invalid(path + ".endpoints", "none", "at least one", "add an endpoint");
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < endpoints.size(); i++) {
            Endpoint endpoint = endpoints.get(i);
            String at = path + ".endpoints[" + i + "]";
            ranges.endpoint(at, endpoint);
            if (!seen.add(endpoint.address() + " " + endpoint.port())) {
                refusals.invalid(
                        at,
                        endpoint.address() + ":" + endpoint.port(),
                        "each address once",
                        "remove it and raise the weight of the first");
            }
        }
    }

    private static void checkTls(UpstreamTls tls, Refusals refusals, Ranges ranges) {
        ranges.text("tls.sni", tls.sni(), 0, LONGEST_HOST);
        ranges.text("tls.trusted_ca_file", tls.trustedCaFile(), 1, LONGEST_FILE);
        if (tls.certificateFile().isEmpty() != tls.privateKeyFile().isEmpty()) {
            refusals.invalid(
                    "tls.certificate_file",
                    Problem.quote(tls.certificateFile()),
                    "certificate_file and private_key_file, or neither",
                    "give both files");
        }
    }

    private static void checkHealth(HealthCheck check, Refusals refusals, Ranges ranges) {
        ranges.duration("health_check.interval", check.interval(), Duration.ofMillis(100), HOUR);
        ranges.duration(
                "health_check.timeout", check.timeout(), Duration.ofMillis(10), check.interval());
        ranges.number("health_check.unhealthy_threshold", check.unhealthyThreshold(), 1, 100);
        ranges.number("health_check.healthy_threshold", check.healthyThreshold(), 1, 100);
        if (check.check() instanceof Check.Http(String path) && !path.startsWith("/")) {
            refusals.invalid(
                    "health_check.http_path",
                    Problem.quote(path),
                    "a path from /",
                    "begin it with a slash");
        }
    }

    private static void checkSchema(SchemaRange range, Refusals refusals, Ranges ranges) {
        ranges.text("accepted_schema.store", range.store(), 1, 128);
        boolean dotted = DOTTED.matcher(range.min()).matches();
        if (!dotted || !DOTTED.matcher(range.max()).matches()) {
            refusals.invalid(
                    "accepted_schema",
                    Problem.quote(range.min() + " to " + range.max()),
                    "dotted numbers, such as 3 or 3.1",
                    "write both ends so");
        } else if (compareDotted(range.min(), range.max()) > 0) {
            refusals.invalid(
                    "accepted_schema.max", range.max(), "not below " + range.min(), "swap them");
        }
    }

    /** Whether a dotted number is in a range. */
    public static boolean accepts(SchemaRange range, String version) {
        return compareDotted(range.min(), version) <= 0 && compareDotted(version, range.max()) <= 0;
    }

    private static void checkInbound(Inbound inbound, Refusals refusals, Ranges ranges) {
        ranges.listen("inbound.listen", inbound.listen());
        ranges.endpoint("inbound.application", inbound.application());
        if (inbound.listen().port() == inbound.application().port()
                && inbound.listen().address().equals(inbound.application().address())) {
            refusals.invalid(
                    "inbound.application",
                    inbound.application().address() + ":" + inbound.application().port(),
                    "another address than inbound.listen",
                    "let the application listen elsewhere");
        }
    }

    private static int compareDotted(String left, String right) {
        String[] a = left.split("\\.", -1);
        String[] b = right.split("\\.", -1);
        for (int i = 0; i < Math.max(a.length, b.length); i++) {
            int order =
                    new BigInteger(i < a.length ? a[i] : "0")
                            .compareTo(new BigInteger(i < b.length ? b[i] : "0"));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
