package dev.sluice.control.admin.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.CreateWindowRequest;
import dev.sluice.admin.v1.DeleteWindowRequest;
import dev.sluice.admin.v1.GetWindowRequest;
import dev.sluice.admin.v1.ListWindowsRequest;
import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.Phase;
import dev.sluice.admin.v1.PreviewWindowRequest;
import dev.sluice.admin.v1.UpdateWindowRequest;
import dev.sluice.admin.v1.Window;
import dev.sluice.admin.v1.WindowServiceGrpc;
import dev.sluice.admin.v1.WindowServiceGrpc.WindowServiceBlockingStub;
import dev.sluice.control.admin.AdminPlane;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows over the wire. */
class WindowApiIT {
    private static final String NAME = "windows/nights";
    private static final Window NIGHTS =
            Window.newBuilder()
                    .setKind(Window.Kind.ALLOW)
                    .setStart("2026-01-05T22:00")
                    .setTimeZone("Europe/Berlin")
                    .setDuration(Duration.newBuilder().setSeconds(21_600))
                    .setRecurrence("FREQ=WEEKLY;BYDAY=MO,TU")
                    .addRisks(Migration.Risk.HIGH)
                    .addPhases(Phase.CONTRACT)
                    .build();

    @TempDir private Path folder;
    private AdminPlane plane;
    private WindowServiceBlockingStub windows;

    @BeforeEach
    void start() throws IOException {
        plane = new AdminPlane(folder);
        windows = WindowServiceGrpc.newBlockingStub(plane.admin());
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    @Test
    void a_window_is_created_shown_changed_and_deleted() {
        Window created = create(NIGHTS);
        assertThat(created.toBuilder().clearCreateTime().clearUpdateTime().clearEtag().build())
                .isEqualTo(NIGHTS.toBuilder().setName(NAME).build());
        assertThat(windows.getWindow(GetWindowRequest.newBuilder().setName(NAME).build()))
                .isEqualTo(created);
        assertThat(windows.listWindows(ListWindowsRequest.getDefaultInstance()).getWindowsList())
                .containsExactly(created);
        assertThat(windows.previewWindow(preview(5)).getOpeningsList())
                .hasSize(5)
                .allSatisfy(opening ->
                        assertThat(opening.getEnd().getSeconds() - opening.getStart().getSeconds())
                                .isEqualTo(21_600));

        Window frozen =
                windows.updateWindow(
                        UpdateWindowRequest.newBuilder()
                                .setWindow(
                                        Window.newBuilder()
                                                .setName(NAME)
                                                .setKind(Window.Kind.FREEZE)
                                                .setLastDay("2100-12-24"))
                                .setUpdateMask(
                                        FieldMask.newBuilder()
                                                .addPaths("kind")
                                                .addPaths("last_day"))
                                .build());
        assertThat(frozen.getKind()).isEqualTo(Window.Kind.FREEZE);
        assertThat(frozen.getLastDay()).isEqualTo("2100-12-24");
        assertThat(frozen.getRecurrence()).isEqualTo(NIGHTS.getRecurrence());

        var unused =
                windows.deleteWindow(
                        DeleteWindowRequest.newBuilder()
                                .setName(NAME)
                                .setEtag(frozen.getEtag())
                                .build());
        assertThatThrownBy(() -> windows.previewWindow(preview(1)))
                .hasMessageContaining("NOT_FOUND");
    }

    @Test
    void every_problem_of_a_window_is_one_violation() {
        assertThatThrownBy(() ->
                        create(
                                Window.newBuilder()
                                        .setStart("tomorrow")
                                        .setTimeZone("Nowhere/Land")
                                        .setRecurrence("FREQ=HOURLY")
                                        .setLastDay("never")
                                        .addRisksValue(99)
                                        .addPhasesValue(99)
                                        .build()))
                .hasMessageContaining("INVALID_ARGUMENT: 7 problems");
        assertThatThrownBy(() -> windows.previewWindow(preview(101)))
                .hasMessageContaining("INVALID_ARGUMENT: count");
    }

    private Window create(Window window) {
        return windows.createWindow(
                CreateWindowRequest.newBuilder().setWindowId("nights").setWindow(window).build());
    }

    private static PreviewWindowRequest preview(int count) {
        return PreviewWindowRequest.newBuilder().setName(NAME).setCount(count).build();
    }
}
