package dev.sluice.control.admin.structure;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.CreateServiceRequest;
import dev.sluice.admin.v1.DeleteServiceRequest;
import dev.sluice.admin.v1.GetServiceRequest;
import dev.sluice.admin.v1.ListServicesRequest;
import dev.sluice.admin.v1.ListServicesResponse;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.ServiceServiceGrpc.ServiceServiceImplBase;
import dev.sluice.admin.v1.UpdateServiceRequest;
import dev.sluice.contract.ServiceName;
import dev.sluice.control.admin.desk.Conditions;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.Page;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import io.grpc.stub.StreamObserver;
import java.util.stream.Stream;

/** Services over gRPC. Thread-safe. */
public final class ServiceApi extends ServiceServiceImplBase {
    private static final ServiceForm FORM = new ServiceForm();

    private final Desk desk;

    public ServiceApi(Desk desk) {
        this.desk = desk;
    }

    /** All of them, to be looked through. */
    public static Stream<Service> all(Catalog catalog) {
        return catalog.services().stream().map(it -> FORM.write(it, catalog));
    }

    @Override
    public void getService(GetServiceRequest request, StreamObserver<Service> observer) {
        ServiceName name = Desk.name(ServiceName.parse(request.getName()));
        var catalog = desk.now();
        Desk.done(FORM.write(Desk.found(catalog.service(name), name), catalog), observer);
    }

    @Override
    public void listServices(
            ListServicesRequest request, StreamObserver<ListServicesResponse> observer) {
        var catalog = desk.now();
        var page =
                Page.of(
                        catalog.services(),
                        request.getPageSize(),
                        request.getPageToken(),
                        dev.sluice.control.catalog.Service::name,
                        ServiceName::parse);
        var answer = ListServicesResponse.newBuilder().setNextPageToken(page.nextToken());
        page.resources().forEach(found -> answer.addServices(FORM.write(found, catalog)));
        Desk.done(answer.build(), observer);
    }

    @Override
    public void createService(CreateServiceRequest request, StreamObserver<Service> observer) {
        desk.create(
                FORM,
                request.getService().toBuilder()
                        .setName("services/" + request.getServiceId())
                        .build(),
                Command.CreateService::new,
                new Conditions(request.getRequestId(), request.getValidateOnly(), "", ""),
                dev.sluice.control.catalog.Service.class,
                observer);
    }

    @Override
    public void updateService(UpdateServiceRequest request, StreamObserver<Service> observer) {
        Service wanted = request.getService();
        ServiceName name = Desk.name(ServiceName.parse(wanted.getName()));
        var present = Desk.found(desk.now().service(name), name);
        desk.update(
                FORM,
                present,
                wanted,
                request.getUpdateMask(),
                Command.UpdateService::new,
                Conditions.ofMerge(
                        request.getRequestId(),
                        request.getValidateOnly(),
                        wanted.getEtag(),
                        present),
                dev.sluice.control.catalog.Service.class,
                observer);
    }

    @Override
    public void deleteService(DeleteServiceRequest request, StreamObserver<Empty> observer) {
        desk.remove(
                new Command.DeleteService(Desk.name(ServiceName.parse(request.getName()))),
                new Conditions(
                        request.getRequestId(), request.getValidateOnly(), request.getEtag(), ""),
                Empty.getDefaultInstance(),
                observer);
    }
}
