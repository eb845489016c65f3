package dev.sluice.control.admin.migration;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.CreateWindowRequest;
import dev.sluice.admin.v1.DeleteWindowRequest;
import dev.sluice.admin.v1.GetWindowRequest;
import dev.sluice.admin.v1.ListWindowsRequest;
import dev.sluice.admin.v1.ListWindowsResponse;
import dev.sluice.admin.v1.PreviewWindowRequest;
import dev.sluice.admin.v1.PreviewWindowResponse;
import dev.sluice.admin.v1.UpdateWindowRequest;
import dev.sluice.admin.v1.Window;
import dev.sluice.admin.v1.WindowServiceGrpc.WindowServiceImplBase;
import dev.sluice.contract.Problems;
import dev.sluice.contract.WindowName;
import dev.sluice.control.admin.desk.Conditions;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.Page;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.admin.desk.Unsigned;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import dev.sluice.control.lifecycle.window.Openings;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;

/** Windows over gRPC. Thread-safe. */
public final class WindowApi extends WindowServiceImplBase {
    private static final WindowForm FORM = new WindowForm();
    private static final int DEFAULT_COUNT = 10;
    private static final int MOST = 100;

    private final Desk desk;
    private final InstantSource clock;

    /**
     * @param clock from when on openings are shown
     */
    public WindowApi(Desk desk, InstantSource clock) {
        this.desk = desk;
        this.clock = clock;
    }

    /** All of them, to be looked through. */
    public static Stream<Window> all(Catalog catalog) {
        return catalog.windows().stream().map(it -> FORM.write(it, catalog));
    }

    @Override
    public void getWindow(GetWindowRequest request, StreamObserver<Window> observer) {
        Desk.done(FORM.write(found(request.getName()), desk.now()), observer);
    }

    @Override
    public void listWindows(
            ListWindowsRequest request, StreamObserver<ListWindowsResponse> observer) {
        var catalog = desk.now();
        var page =
                Page.of(
                        catalog.windows(),
                        request.getPageSize(),
                        request.getPageToken(),
                        dev.sluice.control.catalog.Window::name,
                        WindowName::parse);
        var answer = ListWindowsResponse.newBuilder().setNextPageToken(page.nextToken());
        page.resources().forEach(found -> answer.addWindows(FORM.write(found, catalog)));
        Desk.done(answer.build(), observer);
    }

    @Override
    public void createWindow(CreateWindowRequest request, StreamObserver<Window> observer) {
        desk.create(
                FORM,
                request.getWindow().toBuilder().setName("windows/" + request.getWindowId()).build(),
                Command.CreateWindow::new,
                new Conditions(request.getRequestId(), request.getValidateOnly(), "", ""),
                dev.sluice.control.catalog.Window.class,
                observer);
    }

    @Override
    public void updateWindow(UpdateWindowRequest request, StreamObserver<Window> observer) {
        Window wanted = request.getWindow();
        var present = found(wanted.getName());
        desk.update(
                FORM,
                present,
                wanted,
                request.getUpdateMask(),
                Command.UpdateWindow::new,
                Conditions.ofMerge(
                        request.getRequestId(),
                        request.getValidateOnly(),
                        wanted.getEtag(),
                        present),
                dev.sluice.control.catalog.Window.class,
                observer);
    }

    @Override
    public void deleteWindow(DeleteWindowRequest request, StreamObserver<Empty> observer) {
        desk.remove(
                new Command.DeleteWindow(name(request.getName())),
                new Conditions(
                        request.getRequestId(), request.getValidateOnly(), request.getEtag(), ""),
                Empty.getDefaultInstance(),
                observer);
    }

    @Override
    public void previewWindow(
            PreviewWindowRequest request, StreamObserver<PreviewWindowResponse> observer) {
        Problems problems = Problems.root();
        int count = Unsigned.orDefault(request.getCount(), DEFAULT_COUNT, problems.field("count"));
        if (count > MOST) {
            problems.field("count").add(Integer.toString(count), "1.." + MOST, "ask for fewer");
        }
        Desk.refuseIfAny(problems.all());
        Instant now = clock.instant();
        var answer = PreviewWindowResponse.newBuilder();
        Openings.of(found(request.getName()).spec(), now, now.plus(Openings.HORIZON), count)
                .forEach(span ->
                        answer.addOpeningsBuilder()
                                .setStart(Times.write(span.start()))
                                .setEnd(Times.write(span.end())));
        Desk.done(answer.build(), observer);
    }

    private dev.sluice.control.catalog.Window found(String name) {
        WindowName parsed = name(name);
        return Desk.found(desk.now().window(parsed), parsed);
    }

    private static WindowName name(String text) {
        return Desk.name(WindowName.parse(text));
    }
}
