package dev.sluice.control.admin.structure;

import dev.sluice.admin.v1.ListenAddress;
import dev.sluice.admin.v1.Service;
import dev.sluice.contract.Problems;
import dev.sluice.contract.ServiceName;
import dev.sluice.control.admin.desk.Form;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.admin.desk.Unsigned;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.ServiceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Services on the wire. Immutable. */
final class ServiceForm implements Form<Service, ServiceSpec, dev.sluice.control.catalog.Service> {
    private static final String DEFAULT_ADDRESS = "127.0.0.1";

    @Override
    public Service write(dev.sluice.control.catalog.Service service, Catalog catalog) {
        ServiceSpec spec = service.spec();
        var message =
                Service.newBuilder()
                        .setName(spec.name().name())
                        .setEtag(service.meta().etag())
                        .setCreateTime(Times.write(service.meta().createTime()))
                        .setUpdateTime(Times.write(service.meta().updateTime()))
                        .setDisplayName(spec.description().displayName())
                        .setOwner(spec.description().owner())
                        .putAllLabels(spec.description().labels())
                        .addAllCalls(spec.calls().stream().map(ServiceName::name).toList());
        spec.outbound().ifPresent(outbound -> message.setOutbound(address(outbound)));
        return message.build();
    }

    @Override
    public Optional<ServiceSpec> read(Service message, Problems at) {
        int before = at.count();
        Optional<ServiceName> name = ServiceName.parse(message.getName(), at.field("name"));
        Optional<dev.sluice.control.change.spec.ListenAddress> outbound =
                message.hasOutbound()
                        ? Optional.of(address(message.getOutbound(), at.field("outbound")))
                        : Optional.empty();
        List<ServiceName> calls = new ArrayList<>();
        for (int i = 0; i < message.getCallsCount(); i++) {
            ServiceName.parse(message.getCalls(i), at.field("calls").index(i))
                    .ifPresent(calls::add);
        }
        if (at.count() > before) {
            return Optional.empty();
        }
        return name.map(known ->
                new ServiceSpec(
                        known,
                        new Description(
                                message.getDisplayName(),
                                message.getOwner(),
                                message.getLabelsMap()),
                        outbound,
                        calls));
    }

    static ListenAddress address(dev.sluice.control.change.spec.ListenAddress listen) {
        return ListenAddress.newBuilder()
                .setAddress(listen.address())
                .setPort(listen.port())
                .build();
    }

    /** An address with its default; the port is checked by the lifecycle. */
    static dev.sluice.control.change.spec.ListenAddress address(
            ListenAddress message, Problems at) {
        String address = message.getAddress().isEmpty() ? DEFAULT_ADDRESS : message.getAddress();
        int port = Unsigned.orDefault(message.getPort(), 0, at.field("port"));
        return new dev.sluice.control.change.spec.ListenAddress(address, port);
    }
}
