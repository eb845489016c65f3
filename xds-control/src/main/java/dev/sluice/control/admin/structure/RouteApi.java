package dev.sluice.control.admin.structure;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.CreateRouteRequest;
import dev.sluice.admin.v1.DeleteRouteRequest;
import dev.sluice.admin.v1.GetRouteRequest;
import dev.sluice.admin.v1.ListRoutesRequest;
import dev.sluice.admin.v1.ListRoutesResponse;
import dev.sluice.admin.v1.Route;
import dev.sluice.admin.v1.RouteServiceGrpc.RouteServiceImplBase;
import dev.sluice.admin.v1.UpdateRouteRequest;
import dev.sluice.contract.RouteName;
import dev.sluice.control.admin.desk.Conditions;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.Page;
import dev.sluice.control.admin.desk.Parent;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import io.grpc.stub.StreamObserver;
import java.util.stream.Stream;

/** Routes over gRPC. Thread-safe. */
public final class RouteApi extends RouteServiceImplBase {
    private static final RouteForm FORM = new RouteForm();

    private final Desk desk;

    public RouteApi(Desk desk) {
        this.desk = desk;
    }

    /** All of them, to be looked through. */
    public static Stream<Route> all(Catalog catalog) {
        return catalog.routes().stream().map(it -> FORM.write(it, catalog));
    }

    @Override
    public void getRoute(GetRouteRequest request, StreamObserver<Route> observer) {
        RouteName name = Desk.name(RouteName.parse(request.getName()));
        var catalog = desk.now();
        Desk.done(FORM.write(Desk.found(catalog.route(name), name), catalog), observer);
    }

    @Override
    public void listRoutes(ListRoutesRequest request, StreamObserver<ListRoutesResponse> observer) {
        var catalog = desk.now();
        var parent = Parent.parse(request.getParent());
        var page =
                Page.of(
                        catalog.routes().stream()
                                .filter(found -> parent.has(found.name().service()))
                                .toList(),
                        request.getPageSize(),
                        request.getPageToken(),
                        dev.sluice.control.catalog.Route::name,
                        RouteName::parse);
        var answer = ListRoutesResponse.newBuilder().setNextPageToken(page.nextToken());
        page.resources().forEach(found -> answer.addRoutes(FORM.write(found, catalog)));
        Desk.done(answer.build(), observer);
    }

    @Override
    public void createRoute(CreateRouteRequest request, StreamObserver<Route> observer) {
        desk.create(
                FORM,
                request.getRoute().toBuilder()
                        .setName(request.getParent() + "/routes/" + request.getRouteId())
                        .build(),
                Command.CreateRoute::new,
                new Conditions(request.getRequestId(), request.getValidateOnly(), "", ""),
                dev.sluice.control.catalog.Route.class,
                observer);
    }

    @Override
    public void updateRoute(UpdateRouteRequest request, StreamObserver<Route> observer) {
        Route wanted = request.getRoute();
        RouteName name = Desk.name(RouteName.parse(wanted.getName()));
        var present = Desk.found(desk.now().route(name), name);
        desk.update(
                FORM,
                present,
                wanted,
                request.getUpdateMask(),
                Command.UpdateRoute::new,
                Conditions.ofMerge(
                        request.getRequestId(),
                        request.getValidateOnly(),
                        wanted.getEtag(),
                        present),
                dev.sluice.control.catalog.Route.class,
                observer);
    }

    @Override
    public void deleteRoute(DeleteRouteRequest request, StreamObserver<Empty> observer) {
        desk.remove(
                new Command.DeleteRoute(Desk.name(RouteName.parse(request.getName()))),
                new Conditions(
                        request.getRequestId(), request.getValidateOnly(), request.getEtag(), ""),
                Empty.getDefaultInstance(),
                observer);
    }
}
