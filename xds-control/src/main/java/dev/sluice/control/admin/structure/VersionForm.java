package dev.sluice.control.admin.structure;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.DnsEndpoints;
import dev.sluice.admin.v1.Endpoint;
import dev.sluice.admin.v1.HealthCheck;
import dev.sluice.admin.v1.Inbound;
import dev.sluice.admin.v1.Protocol;
import dev.sluice.admin.v1.SchemaRange;
import dev.sluice.admin.v1.StaticEndpoints;
import dev.sluice.admin.v1.UpstreamTls;
import dev.sluice.admin.v1.Version;
import dev.sluice.contract.Problems;
import dev.sluice.contract.VersionName;
import dev.sluice.control.admin.desk.Form;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.admin.desk.Unsigned;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.StaleVersions;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.change.spec.VersionSpec.HealthCheck.Check;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Versions on the wire. Immutable.
 *
 * @param clock what their ends are told by
 */
record VersionForm(InstantSource clock)
        implements Form<Version, VersionSpec, dev.sluice.control.catalog.Version> {
    private static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration DEFAULT_REFRESH = Duration.ofSeconds(5);
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);
    private static final Duration DEFAULT_CHECK_TIMEOUT = Duration.ofSeconds(1);
    private static final int DEFAULT_UNHEALTHY = 3;
    private static final int DEFAULT_HEALTHY = 1;

    @Override
    public Version write(dev.sluice.control.catalog.Version version, Catalog catalog) {
        return describe(version).toBuilder()
                .addAllStale(StaleVersions.reasons(catalog, version, clock.instant()))
                .build();
    }

    /** What people said of it. */
    static Version describe(dev.sluice.control.catalog.Version version) {
        VersionSpec spec = version.spec();
        var message =
                Version.newBuilder()
                        .setName(spec.name().name())
                        .setEtag(version.meta().etag())
                        .setCreateTime(Times.write(version.meta().createTime()))
                        .setUpdateTime(Times.write(version.meta().updateTime()))
                        .setProtocol(
                                switch (spec.protocol()) {
                                    case HTTP1 -> Protocol.HTTP1;
                                    case HTTP2 -> Protocol.HTTP2;
                                })
                        .setConnectTimeout(Times.write(spec.connectTimeout()))
                        .putAllLabels(spec.labels());
        switch (spec.endpoints()) {
            case Endpoints.Static(var fixed) -> message.setStatic(endpoints(fixed));
            case Endpoints.Eds(var pushed) -> message.setEds(endpoints(pushed));
            case Endpoints.Dns(var host, var port, var refresh) ->
                    message.setDns(
                            DnsEndpoints.newBuilder()
                                    .setHost(host)
                                    .setPort(port)
                                    .setRefresh(Times.write(refresh)));
        }
        spec.tls().ifPresent(tls -> message.setTls(tls(tls)));
        spec.healthCheck().ifPresent(check -> message.setHealthCheck(healthCheck(check)));
        spec.acceptedSchema().ifPresent(range -> message.setAcceptedSchema(schema(range)));
        spec.inbound().ifPresent(inbound -> message.setInbound(inbound(inbound)));
        spec.expires().ifPresent(end -> message.setExpireTime(Times.write(end)));
        return message.build();
    }

    @Override
    public Optional<VersionSpec> read(Version message, Problems at) {
        int before = at.count();
        Optional<VersionName> name = VersionName.parse(message.getName(), at.field("name"));
        Optional<Endpoints> endpoints = endpoints(message, at);
        VersionSpec.Protocol protocol = protocol(message, at.field("protocol"));
        Optional<VersionSpec.UpstreamTls> tls =
                message.hasTls() ? Optional.of(tls(message.getTls())) : Optional.empty();
        Optional<VersionSpec.HealthCheck> check =
                message.hasHealthCheck()
                        ? healthCheck(message.getHealthCheck(), at.field("health_check"))
                        : Optional.empty();
        Optional<VersionSpec.SchemaRange> schema =
                message.hasAcceptedSchema()
                        ? Optional.of(schema(message.getAcceptedSchema()))
                        : Optional.empty();
        Duration connectTimeout =
                message.hasConnectTimeout()
                        ? Times.read(message.getConnectTimeout(), at.field("connect_timeout"))
                        : DEFAULT_CONNECT_TIMEOUT;
        Optional<VersionSpec.Inbound> inbound =
                message.hasInbound()
                        ? Optional.of(inbound(message.getInbound(), at.field("inbound")))
                        : Optional.empty();
        Optional<Instant> expires =
                message.hasExpireTime()
                        ? Optional.of(Times.read(message.getExpireTime(), at.field("expire_time")))
                        : Optional.empty();
        if (at.count() > before) {
            return Optional.empty();
        }
        return Optional.of(
                new VersionSpec(
                        name.orElseThrow(),
                        message.getLabelsMap(),
                        endpoints.orElseThrow(),
                        protocol,
                        tls,
                        check,
                        schema,
                        connectTimeout,
                        inbound,
                        expires));
    }

    private static Optional<Endpoints> endpoints(Version message, Problems at) {
        return switch (message.getEndpointsCase()) {
            case STATIC ->
                    Optional.of(
                            new Endpoints.Static(
                                    endpoints(message.getStatic(), at.field("static"))));
            case EDS ->
                    Optional.of(new Endpoints.Eds(endpoints(message.getEds(), at.field("eds"))));
            case DNS -> Optional.of(dns(message.getDns(), at.field("dns")));
            case ENDPOINTS_NOT_SET -> {
                at.add("no endpoints", "one of static, dns, eds", "say where the version runs");
                yield Optional.empty();
            }
        };
    }

    private static Endpoints dns(DnsEndpoints message, Problems at) {
        return new Endpoints.Dns(
                message.getHost(),
                Unsigned.orDefault(message.getPort(), 0, at.field("port")),
                message.hasRefresh()
                        ? Times.read(message.getRefresh(), at.field("refresh"))
                        : DEFAULT_REFRESH);
    }

    private static List<Endpoints.Endpoint> endpoints(StaticEndpoints message, Problems at) {
        List<Endpoints.Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < message.getEndpointsCount(); i++) {
            endpoints.add(endpoint(message.getEndpoints(i), at.field("endpoints").index(i)));
        }
        return endpoints;
    }

    private static Endpoints.Endpoint endpoint(Endpoint message, Problems at) {
        return new Endpoints.Endpoint(
                message.getAddress(),
                Unsigned.orDefault(message.getPort(), 0, at.field("port")),
                Unsigned.orDefault(message.getWeight(), 1, at.field("weight")));
    }

    private static StaticEndpoints endpoints(List<Endpoints.Endpoint> endpoints) {
        return StaticEndpoints.newBuilder()
                .addAllEndpoints(endpoints.stream().map(VersionForm::endpoint).toList())
                .build();
    }

    private static Endpoint endpoint(Endpoints.Endpoint endpoint) {
        return Endpoint.newBuilder()
                .setAddress(endpoint.address())
                .setPort(endpoint.port())
                .setWeight(endpoint.weight())
                .build();
    }

    private static VersionSpec.Protocol protocol(Version message, Problems at) {
        return switch (message.getProtocol()) {
            case PROTOCOL_UNSPECIFIED, HTTP1 -> VersionSpec.Protocol.HTTP1;
            case HTTP2 -> VersionSpec.Protocol.HTTP2;
            case UNRECOGNIZED -> {
                at.add(
                        Integer.toString(message.getProtocolValue()),
                        "HTTP1 or HTTP2",
                        "choose one of these");
                yield VersionSpec.Protocol.HTTP1;
            }
        };
    }

    private static UpstreamTls tls(VersionSpec.UpstreamTls tls) {
        return UpstreamTls.newBuilder()
                .setSni(tls.sni())
                .setTrustedCaFile(tls.trustedCaFile())
                .addAllSubjectAltNames(tls.subjectAltNames())
                .setCertificateFile(tls.certificateFile())
                .setPrivateKeyFile(tls.privateKeyFile())
                .build();
    }

    private static VersionSpec.UpstreamTls tls(UpstreamTls message) {
        return new VersionSpec.UpstreamTls(
                message.getSni(),
                message.getTrustedCaFile(),
                message.getSubjectAltNamesList(),
                message.getCertificateFile(),
                message.getPrivateKeyFile());
    }

    private static HealthCheck healthCheck(VersionSpec.HealthCheck check) {
        var message =
                HealthCheck.newBuilder()
                        .setInterval(Times.write(check.interval()))
                        .setTimeout(Times.write(check.timeout()))
                        .setUnhealthyThreshold(check.unhealthyThreshold())
                        .setHealthyThreshold(check.healthyThreshold());
        switch (check.check()) {
            case Check.Http(var path) -> message.setHttpPath(path);
            case Check.Grpc(var service) -> message.setGrpcService(service);
            case Check.Tcp() -> message.setTcp(Empty.getDefaultInstance());
        }
        return message.build();
    }

    private static Optional<VersionSpec.HealthCheck> healthCheck(HealthCheck message, Problems at) {
        Optional<Check> check =
                switch (message.getCheckCase()) {
                    case HTTP_PATH -> Optional.of(new Check.Http(message.getHttpPath()));
                    case GRPC_SERVICE -> Optional.of(new Check.Grpc(message.getGrpcService()));
                    case TCP -> Optional.of(new Check.Tcp());
                    case CHECK_NOT_SET -> {
                        at.add(
                                "no check",
                                "one of http_path, grpc_service, tcp",
                                "say what is asked of an endpoint");
                        yield Optional.empty();
                    }
                };
        Duration interval =
                message.hasInterval()
                        ? Times.read(message.getInterval(), at.field("interval"))
                        : DEFAULT_INTERVAL;
        Duration timeout =
                message.hasTimeout()
                        ? Times.read(message.getTimeout(), at.field("timeout"))
                        : DEFAULT_CHECK_TIMEOUT;
        int unhealthy =
                Unsigned.orDefault(
                        message.getUnhealthyThreshold(),
                        DEFAULT_UNHEALTHY,
                        at.field("unhealthy_threshold"));
        int healthy =
                Unsigned.orDefault(
                        message.getHealthyThreshold(),
                        DEFAULT_HEALTHY,
                        at.field("healthy_threshold"));
        return check.map(
                known -> new VersionSpec.HealthCheck(known, interval, timeout, unhealthy, healthy));
    }

    private static SchemaRange schema(VersionSpec.SchemaRange range) {
        return SchemaRange.newBuilder()
                .setStore(range.store())
                .setMin(range.min())
                .setMax(range.max())
                .build();
    }

    private static VersionSpec.SchemaRange schema(SchemaRange message) {
        return new VersionSpec.SchemaRange(
                message.getStore(),
                message.getMin(),
                message.getMax().isEmpty() ? message.getMin() : message.getMax());
    }

    private static Inbound inbound(VersionSpec.Inbound inbound) {
        return Inbound.newBuilder()
                .setListen(ServiceForm.address(inbound.listen()))
                .setApplication(endpoint(inbound.application()))
                .build();
    }

    private static VersionSpec.Inbound inbound(Inbound message, Problems at) {
        return new VersionSpec.Inbound(
                ServiceForm.address(message.getListen(), at.field("listen")),
                endpoint(message.getApplication(), at.field("application")));
    }
}
