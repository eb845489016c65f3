package dev.sluice.control.admin.gate;

import com.google.protobuf.Message;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Conditions;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.Form;
import dev.sluice.control.catalog.Resource;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.spec.ShareTarget;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Function;

/**
 * Orders that move keys, the same for gates and for sets of gates. Immutable.
 *
 * @param type what answers carry
 * @param target what a name of a request names; throws the problem at the caller
 */
record ShareOrders<M extends Message, R extends Resource>(
        Desk desk, Form<M, ?, R> form, Class<R> type, Function<String, ShareTarget> target) {
    void set(String name, int sharePpm, Conditions conditions, StreamObserver<M> observer) {
        Problems problems = Problems.root();
        var share = PartsPerMillion.parse(sharePpm, problems.field("share_ppm"));
        Desk.refuseIfAny(problems.all());
        give(new Command.SetShare(target.apply(name), share), conditions, observer);
    }

    void rollback(String name, Conditions conditions, StreamObserver<M> observer) {
        give(new Command.Rollback(target.apply(name)), conditions, observer);
    }

    void kill(String name, Conditions conditions, StreamObserver<M> observer) {
        give(new Command.Kill(target.apply(name)), conditions, observer);
    }

    void resume(
            String name, List<String> trips, Conditions conditions, StreamObserver<M> observer) {
        give(new Command.Resume(target.apply(name), trips), conditions, observer);
    }

    private void give(Command command, Conditions conditions, StreamObserver<M> observer) {
        desk.change(form, command, conditions, type, observer);
    }
}
