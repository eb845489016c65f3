package dev.sluice.control.admin.notify;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.CreateSinkRequest;
import dev.sluice.admin.v1.DeleteSinkRequest;
import dev.sluice.admin.v1.GetSinkRequest;
import dev.sluice.admin.v1.ListSinksRequest;
import dev.sluice.admin.v1.ListSinksResponse;
import dev.sluice.admin.v1.Sink;
import dev.sluice.admin.v1.SinkServiceGrpc.SinkServiceImplBase;
import dev.sluice.admin.v1.TestSinkRequest;
import dev.sluice.admin.v1.TestSinkResponse;
import dev.sluice.admin.v1.UpdateSinkRequest;
import dev.sluice.contract.SinkName;
import dev.sluice.control.admin.desk.Caller;
import dev.sluice.control.admin.desk.Conditions;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.Page;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import dev.sluice.control.notify.Notifier;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sinks over gRPC. Thread-safe. */
public final class SinkApi extends SinkServiceImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(SinkApi.class);

    private final Desk desk;
    private final Notifier notifier;
    private final SinkForm form;

    public SinkApi(Desk desk, Notifier notifier) {
        this.desk = desk;
        this.notifier = notifier;
        this.form = new SinkForm(notifier::state, notifier::refusal);
    }

    /** All of them, to be looked through. */
    public static Stream<Sink> all(Catalog catalog) {
        SinkForm content = new SinkForm(_ -> Optional.empty(), _ -> Optional.empty());
        return catalog.sinks().stream().map(it -> content.write(it, catalog));
    }

    @Override
    public void getSink(GetSinkRequest request, StreamObserver<Sink> observer) {
        Desk.done(form.write(found(request.getName()), desk.now()), observer);
    }

    @Override
    public void listSinks(ListSinksRequest request, StreamObserver<ListSinksResponse> observer) {
        var catalog = desk.now();
        var page =
                Page.of(
                        catalog.sinks(),
                        request.getPageSize(),
                        request.getPageToken(),
                        dev.sluice.control.catalog.Sink::name,
                        SinkName::parse);
        var answer = ListSinksResponse.newBuilder().setNextPageToken(page.nextToken());
        page.resources().forEach(found -> answer.addSinks(form.write(found, catalog)));
        Desk.done(answer.build(), observer);
    }

    @Override
    public void createSink(CreateSinkRequest request, StreamObserver<Sink> observer) {
        desk.create(
                form,
                request.getSink().toBuilder().setName("sinks/" + request.getSinkId()).build(),
                Command.CreateSink::new,
                new Conditions(request.getRequestId(), request.getValidateOnly(), "", ""),
                dev.sluice.control.catalog.Sink.class,
                observer);
    }

    @Override
    public void updateSink(UpdateSinkRequest request, StreamObserver<Sink> observer) {
        Sink wanted = request.getSink();
        var present = found(wanted.getName());
        desk.update(
                form,
                present,
                wanted,
                request.getUpdateMask(),
                Command.UpdateSink::new,
                Conditions.ofMerge(
                        request.getRequestId(),
                        request.getValidateOnly(),
                        wanted.getEtag(),
                        present),
                dev.sluice.control.catalog.Sink.class,
                observer);
    }

    @Override
    public void deleteSink(DeleteSinkRequest request, StreamObserver<Empty> observer) {
        desk.remove(
                new Command.DeleteSink(name(request.getName())),
                new Conditions(
                        request.getRequestId(), request.getValidateOnly(), request.getEtag(), ""),
                Empty.getDefaultInstance(),
                observer);
    }

    @Override
    public void testSink(TestSinkRequest request, StreamObserver<TestSinkResponse> observer) {
        var sink = found(request.getName());
        String id = "test-" + UUID.randomUUID();
        var unused =
                notifier.test(sink.spec(), Caller.current().principal().name(), id)
                        .whenComplete((trial, failure) -> {
                            if (failure == null) {
                                Desk.done(answer(id, trial), observer);
                            } else {
                                LOG.error("{} could not be tested", sink.name(), failure);
                                observer.onError(Status.INTERNAL.asRuntimeException());
                            }
                        });
    }

    private static TestSinkResponse answer(String id, Notifier.Trial trial) {
        return TestSinkResponse.newBuilder()
                .setDelivered(trial.delivered())
                .setDetail(trial.detail())
                .setEventId(id)
                .setLatency(Times.write(trial.latency()))
                .build();
    }

    private dev.sluice.control.catalog.Sink found(String name) {
        SinkName parsed = name(name);
        return Desk.found(desk.now().sink(parsed), parsed);
    }

    private static SinkName name(String text) {
        return Desk.name(SinkName.parse(text));
    }
}
