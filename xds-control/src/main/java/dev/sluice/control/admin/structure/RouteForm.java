package dev.sluice.control.admin.structure;

import dev.sluice.admin.v1.RetryPolicy;
import dev.sluice.admin.v1.Route;
import dev.sluice.contract.GateName;
import dev.sluice.contract.Problems;
import dev.sluice.contract.RouteName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.control.admin.desk.Form;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.admin.desk.Unsigned;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.control.change.spec.RouteSpec.Target;
import java.time.Duration;
import java.util.Optional;

/** Routes on the wire. Immutable. */
final class RouteForm implements Form<Route, RouteSpec, dev.sluice.control.catalog.Route> {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

    @Override
    public Route write(dev.sluice.control.catalog.Route route, Catalog catalog) {
        RouteSpec spec = route.spec();
        var message =
                Route.newBuilder()
                        .setName(spec.name().name())
                        .setEtag(route.meta().etag())
                        .setCreateTime(Times.write(route.meta().createTime()))
                        .setUpdateTime(Times.write(route.meta().updateTime()))
                        .setPriority(spec.priority())
                        .setMatch(spec.match())
                        .addAllMethods(spec.methods())
                        .setOperationClass(operationClass(spec.operationClass()))
                        .setTimeout(Times.write(spec.timeout()))
                        .putAllLabels(spec.labels());
        switch (spec.target()) {
            case Target.ToGate(var gate) -> message.setGate(gate.name());
            case Target.ToVersion(var version) -> message.setVersion(version.name());
        }
        spec.retry().ifPresent(retry -> message.setRetry(retry(retry)));
        return message.build();
    }

    @Override
    public Optional<RouteSpec> read(Route message, Problems at) {
        int before = at.count();
        Optional<RouteName> name = RouteName.parse(message.getName(), at.field("name"));
        Optional<Target> target = target(message, at);
        int priority = Unsigned.orDefault(message.getPriority(), 0, at.field("priority"));
        OperationClass operationClass = operationClass(message, at.field("operation_class"));
        Duration timeout =
                message.hasTimeout()
                        ? Times.read(message.getTimeout(), at.field("timeout"))
                        : DEFAULT_TIMEOUT;
        Optional<RouteSpec.Retry> retry =
                message.hasRetry()
                        ? Optional.of(retry(message.getRetry(), at.field("retry")))
                        : Optional.empty();
        if (!message.hasMatch()) {
            at.field("match").add("no match", "a RouteMatch", "say which calls the route is for");
        }
        if (at.count() > before) {
            return Optional.empty();
        }
        return Optional.of(
                new RouteSpec(
                        name.orElseThrow(),
                        priority,
                        message.getMatch(),
                        message.getMethodsList(),
                        target.orElseThrow(),
                        operationClass,
                        timeout,
                        retry,
                        message.getLabelsMap()));
    }

    private static Optional<Target> target(Route message, Problems at) {
        return switch (message.getTargetCase()) {
            case GATE ->
                    GateName.parse(message.getGate(), at.field("gate")).map(Target.ToGate::new);
            case VERSION ->
                    VersionName.parse(message.getVersion(), at.field("version"))
                            .map(Target.ToVersion::new);
            case TARGET_NOT_SET -> {
                at.add("no target", "gate or version", "say where the calls go");
                yield Optional.empty();
            }
        };
    }

    private static dev.sluice.gate.v1.OperationClass operationClass(OperationClass known) {
        return switch (known) {
            case READ -> dev.sluice.gate.v1.OperationClass.READ;
            case IDEMPOTENT_WRITE -> dev.sluice.gate.v1.OperationClass.IDEMPOTENT_WRITE;
            case UNSAFE_WRITE -> dev.sluice.gate.v1.OperationClass.UNSAFE_WRITE;
            case STREAM -> dev.sluice.gate.v1.OperationClass.STREAM;
        };
    }

    private static OperationClass operationClass(Route message, Problems at) {
        return switch (message.getOperationClass()) {
            case READ -> OperationClass.READ;
            case IDEMPOTENT_WRITE -> OperationClass.IDEMPOTENT_WRITE;
            case OPERATION_CLASS_UNSPECIFIED, UNSAFE_WRITE -> OperationClass.UNSAFE_WRITE;
            case STREAM -> OperationClass.STREAM;
            case UNRECOGNIZED -> {
                at.add(
                        Integer.toString(message.getOperationClassValue()),
                        "READ, IDEMPOTENT_WRITE, UNSAFE_WRITE or STREAM",
                        "choose one of these");
                yield OperationClass.UNSAFE_WRITE;
            }
        };
    }

    private static RetryPolicy retry(RouteSpec.Retry retry) {
        var message =
                RetryPolicy.newBuilder()
                        .addAllRetryOn(retry.retryOn())
                        .setNumRetries(retry.numRetries());
        retry.perTryTimeout().ifPresent(timeout -> message.setPerTryTimeout(Times.write(timeout)));
        return message.build();
    }

    private static RouteSpec.Retry retry(RetryPolicy message, Problems at) {
        return new RouteSpec.Retry(
                message.getRetryOnList(),
                Unsigned.orDefault(message.getNumRetries(), 1, at.field("num_retries")),
                message.hasPerTryTimeout()
                        ? Optional.of(
                                Times.read(message.getPerTryTimeout(), at.field("per_try_timeout")))
                        : Optional.empty());
    }
}
