package dev.sluice.control.admin.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sluice.admin.v1.EvaluateGateRequest;
import dev.sluice.admin.v1.GatePreview;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.control.change.Fixtures;
import dev.sluice.gate.v1.Arm;
import dev.sluice.gate.v1.Decision;
import dev.sluice.gate.v1.OperationClass;
import dev.sluice.gate.v1.Reason;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a gate over two stores, all reads NEW's and all writes LEGACY's, would do. */
class GateQuestionsTest {
    private static final Gate READS_MOVED = gate(0);

    private static Gate gate(int newBelow) {
        return Fixtures.content(
                        "orders",
                        "orders",
                        1_000_000,
                        "salt",
                        Mode.SHADOW,
                        Mode.LIVE,
                        TakeBack.FROM)
                .withWrites(
                        new Gate.WriteAuthority.NewBelow(new PartsPerMillion(newBelow)),
                        Optional.empty());
    }

    private static Decision asked(OperationClass operationClass) {
        return new GateQuestions(() -> 0)
                .evaluate(
                        READS_MOVED,
                        EvaluateGateRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8("ann"))
                                .setOperationClass(operationClass)
                                .build());
    }

    @ParameterizedTest
    @EnumSource(
            value = OperationClass.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = "UNRECOGNIZED")
    void a_write_is_told_by_the_write_authority_and_a_read_by_the_share(OperationClass asked) {
        boolean read =
                asked == OperationClass.READ || asked == OperationClass.OPERATION_CLASS_UNSPECIFIED;

        Decision decision = asked(asked);

        assertThat(decision.getReason()).isEqualTo(read ? Reason.SHARE : Reason.WRITE_AUTHORITY);
        assertThat(decision.getArm()).isEqualTo(read ? Arm.NEW : Arm.LEGACY);
        assertThat(decision.hasWriteAuthorityPpm()).isEqualTo(!read);
    }

    @Test
    void a_preview_tells_which_writes_would_move() {
        GatePreview on = GateQuestions.preview(READS_MOVED, gate(250_000));
        GatePreview back = GateQuestions.preview(gate(250_000), READS_MOVED);

        assertThat(on.getWritesToNewPpm()).isEqualTo(250_000);
        assertThat(on.getToPpm()).isZero();
        assertThat(back.getWritesToLegacyPpm()).isEqualTo(250_000);
    }
}
