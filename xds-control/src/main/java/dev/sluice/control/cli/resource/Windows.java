package dev.sluice.control.cli.resource;

import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.CreateWindowRequest;
import dev.sluice.admin.v1.DeleteWindowRequest;
import dev.sluice.admin.v1.GetWindowRequest;
import dev.sluice.admin.v1.ListWindowsRequest;
import dev.sluice.admin.v1.UpdateWindowRequest;
import dev.sluice.admin.v1.Window;
import dev.sluice.admin.v1.WindowServiceGrpc;
import dev.sluice.admin.v1.WindowServiceGrpc.WindowServiceBlockingStub;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.session.Change;
import io.grpc.Channel;
import java.util.List;

/** Windows. Immutable. */
public final class Windows implements Kind<Window> {
    public static final Shape SHAPE = new Shape(List.of("windows"));

    @Override
    public String noun() {
        return "window";
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public Window prototype() {
        return Window.getDefaultInstance();
    }

    @Override
    public List<Column<Window>> columns(Words words) {
        return List.of(
                new Column<>("NAME", window -> SHAPE.brief(window.getName())),
                new Column<>("KIND", window -> window.getKind().name()),
                new Column<>("START", window -> window.getStart() + " " + window.getTimeZone()),
                new Column<>("DURATION", window -> Words.duration(window.getDuration())),
                new Column<>("RECURRENCE", window -> Words.orDash(window.getRecurrence())),
                new Column<>("LAST DAY", window -> Words.orDash(window.getLastDay())));
    }

    @Override
    public Window get(Channel channel, String name) {
        return stub(channel).getWindow(GetWindowRequest.newBuilder().setName(name).build());
    }

    @Override
    public Listing<Window> list(Channel channel, String parent, String pageToken) {
        var page =
                stub(channel)
                        .listWindows(
                                ListWindowsRequest.newBuilder().setPageToken(pageToken).build());
        return new Listing<>(page.getWindowsList(), page.getNextPageToken());
    }

    @Override
    public Window create(Channel channel, Window window, Change change) {
        return stub(channel)
                .createWindow(
                        CreateWindowRequest.newBuilder()
                                .setWindowId(Shape.id(window.getName()))
                                .setWindow(window)
                                .setRequestId(change.requestId())
                                .setValidateOnly(change.validateOnly())
                                .build());
    }

    @Override
    public Window update(Channel channel, Window window, FieldMask mask, Change change) {
        var request =
                UpdateWindowRequest.newBuilder()
                        .setWindow(window)
                        .setRequestId(change.requestId())
                        .setValidateOnly(change.validateOnly());
        if (mask.getPathsCount() > 0) {
            request.setUpdateMask(mask);
        }
        return stub(channel).updateWindow(request.build());
    }

    @Override
    public void delete(Channel channel, String name, String etag, Change change) {
        var unused =
                stub(channel)
                        .deleteWindow(
                                DeleteWindowRequest.newBuilder()
                                        .setName(name)
                                        .setEtag(etag)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build());
    }

    public static WindowServiceBlockingStub stub(Channel channel) {
        return WindowServiceGrpc.newBlockingStub(channel);
    }
}
