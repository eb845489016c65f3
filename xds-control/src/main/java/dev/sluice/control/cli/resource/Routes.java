package dev.sluice.control.cli.resource;

import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.CreateRouteRequest;
import dev.sluice.admin.v1.DeleteRouteRequest;
import dev.sluice.admin.v1.GetRouteRequest;
import dev.sluice.admin.v1.ListRoutesRequest;
import dev.sluice.admin.v1.Route;
import dev.sluice.admin.v1.RouteServiceGrpc;
import dev.sluice.admin.v1.RouteServiceGrpc.RouteServiceBlockingStub;
import dev.sluice.admin.v1.UpdateRouteRequest;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.session.Change;
import dev.sluice.gate.v1.OperationClass;
import io.grpc.Channel;
import java.util.List;

/** Routes of services. Immutable. */
public final class Routes implements Kind<Route> {
    static final Shape SHAPE = new Shape(List.of("services", "routes"));

    @Override
    public String noun() {
        return "route";
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public Route prototype() {
        return Route.getDefaultInstance();
    }

    @Override
    public List<Column<Route>> columns(Words words) {
        return List.of(
                new Column<>("NAME", route -> SHAPE.brief(route.getName())),
                new Column<>("PRIORITY", route -> Integer.toUnsignedString(route.getPriority())),
                new Column<>("MATCH", Routes::match),
                new Column<>("TARGET", Routes::target),
                new Column<>("CLASS", Routes::operationClass),
                new Column<>("UPDATED", route -> words.age(route.getUpdateTime())));
    }

    private static String match(Route route) {
        var match = route.getMatch();
        String path =
                switch (match.getPathSpecifierCase()) {
                    case PREFIX -> match.getPrefix() + "*";
                    case PATH -> match.getPath();
                    case PATH_SEPARATED_PREFIX -> match.getPathSeparatedPrefix() + "/*";
                    case SAFE_REGEX -> "~" + match.getSafeRegex().getRegex();
                    case CONNECT_MATCHER, PATH_MATCH_POLICY, PATHSPECIFIER_NOT_SET -> "?";
                };
        return route.getMethodsCount() == 0
                ? path
                : Words.joined(route.getMethodsList()) + " " + path;
    }

    private static String target(Route route) {
        return switch (route.getTargetCase()) {
            case GATE -> route.getGate();
            case VERSION -> route.getVersion();
            case TARGET_NOT_SET -> "-";
        };
    }

    private static String operationClass(Route route) {
        return route.getOperationClass() == OperationClass.OPERATION_CLASS_UNSPECIFIED
                ? OperationClass.UNSAFE_WRITE.name()
                : route.getOperationClass().name();
    }

    @Override
    public Route get(Channel channel, String name) {
        return stub(channel).getRoute(GetRouteRequest.newBuilder().setName(name).build());
    }

    @Override
    public Listing<Route> list(Channel channel, String parent, String pageToken) {
        var page =
                stub(channel)
                        .listRoutes(
                                ListRoutesRequest.newBuilder()
                                        .setParent(parent)
                                        .setPageToken(pageToken)
                                        .build());
        return new Listing<>(page.getRoutesList(), page.getNextPageToken());
    }

    @Override
    public Route create(Channel channel, Route route, Change change) {
        return stub(channel)
                .createRoute(
                        CreateRouteRequest.newBuilder()
                                .setParent(SHAPE.parent(route.getName()))
                                .setRouteId(Shape.id(route.getName()))
                                .setRoute(route)
                                .setRequestId(change.requestId())
                                .setValidateOnly(change.validateOnly())
                                .build());
    }

    @Override
    public Route update(Channel channel, Route route, FieldMask mask, Change change) {
        var request =
                UpdateRouteRequest.newBuilder()
                        .setRoute(route)
                        .setRequestId(change.requestId())
                        .setValidateOnly(change.validateOnly());
        if (mask.getPathsCount() > 0) {
            request.setUpdateMask(mask);
        }
        return stub(channel).updateRoute(request.build());
    }

    @Override
    public void delete(Channel channel, String name, String etag, Change change) {
        var unused =
                stub(channel)
                        .deleteRoute(
                                DeleteRouteRequest.newBuilder()
                                        .setName(name)
                                        .setEtag(etag)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build());
    }

    private static RouteServiceBlockingStub stub(Channel channel) {
        return RouteServiceGrpc.newBlockingStub(channel);
    }
}
