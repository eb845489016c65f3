package dev.sluice.control.cli.resource;

import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.CreateServiceRequest;
import dev.sluice.admin.v1.DeleteServiceRequest;
import dev.sluice.admin.v1.GetServiceRequest;
import dev.sluice.admin.v1.ListServicesRequest;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.ServiceServiceGrpc;
import dev.sluice.admin.v1.ServiceServiceGrpc.ServiceServiceBlockingStub;
import dev.sluice.admin.v1.UpdateServiceRequest;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.session.Change;
import io.grpc.Channel;
import java.util.List;

/** Services. Immutable. */
public final class Services implements Kind<Service> {
    public static final Shape SHAPE = new Shape(List.of("services"));

    @Override
    public String noun() {
        return "service";
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public Service prototype() {
        return Service.getDefaultInstance();
    }

    @Override
    public List<Column<Service>> columns(Words words) {
        return List.of(
                new Column<>("NAME", service -> SHAPE.brief(service.getName())),
                new Column<>("OWNER", service -> Words.orDash(service.getOwner())),
                new Column<>("OUTBOUND", Services::outbound),
                new Column<>(
                        "CALLS",
                        service ->
                                Words.joined(
                                        service.getCallsList().stream()
                                                .map(SHAPE::brief)
                                                .toList())),
                new Column<>("UPDATED", service -> words.age(service.getUpdateTime())));
    }

    private static String outbound(Service service) {
        if (!service.hasOutbound()) {
            return "-";
        }
        String address = service.getOutbound().getAddress();
        return (address.isEmpty() ? "127.0.0.1" : address) + ":" + service.getOutbound().getPort();
    }

    @Override
    public Service get(Channel channel, String name) {
        return stub(channel).getService(GetServiceRequest.newBuilder().setName(name).build());
    }

    @Override
    public Listing<Service> list(Channel channel, String parent, String pageToken) {
        var page =
                stub(channel)
                        .listServices(
                                ListServicesRequest.newBuilder().setPageToken(pageToken).build());
        return new Listing<>(page.getServicesList(), page.getNextPageToken());
    }

    @Override
    public Service create(Channel channel, Service service, Change change) {
        return stub(channel)
                .createService(
                        CreateServiceRequest.newBuilder()
                                .setServiceId(Shape.id(service.getName()))
                                .setService(service)
                                .setRequestId(change.requestId())
                                .setValidateOnly(change.validateOnly())
                                .build());
    }

    @Override
    public Service update(Channel channel, Service service, FieldMask mask, Change change) {
        var request =
                UpdateServiceRequest.newBuilder()
                        .setService(service)
                        .setRequestId(change.requestId())
                        .setValidateOnly(change.validateOnly());
        if (mask.getPathsCount() > 0) {
            request.setUpdateMask(mask);
        }
        return stub(channel).updateService(request.build());
    }

    @Override
    public void delete(Channel channel, String name, String etag, Change change) {
        var unused =
                stub(channel)
                        .deleteService(
                                DeleteServiceRequest.newBuilder()
                                        .setName(name)
                                        .setEtag(etag)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build());
    }

    private static ServiceServiceBlockingStub stub(Channel channel) {
        return ServiceServiceGrpc.newBlockingStub(channel);
    }
}
