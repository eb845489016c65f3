package dev.sluice.control.cli.command;

import dev.sluice.control.cli.bundle.Bundle;
import dev.sluice.control.cli.bundle.Owner;
import dev.sluice.control.cli.bundle.Plan;
import dev.sluice.control.cli.bundle.PlanText;
import dev.sluice.control.cli.bundle.Planner;
import dev.sluice.control.cli.resource.Updated;
import dev.sluice.control.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what {@link Apply} would do, and does nothing. For one run. */
@Command(
        name = "plan",
        description = {
            "Says what apply would do with the same options: + create, ~ update, - delete, ! refused.",
            "Exits 0 when there is nothing to do, 8 when there is, else as the first refusal says."
        })
public final class PlanCommand implements Callable<Integer> {
    private final Session session;
    private final List<Updated<?>> kinds;

    @Mixin private BundleOptions bundle = new BundleOptions();

    public PlanCommand(Session session, List<Updated<?>> kinds) {
        this.session = session;
        this.kinds = List.copyOf(kinds);
    }

    @Override
    public Integer call() {
        Owner owner = bundle.owner();
        Bundle read = bundle.read(kinds, session.surroundings());
        Plan plan = new Planner(session, kinds).plan(read, owner);
        session.printer().answer(PlanText.json(plan), PlanText.lines(plan));
        return plan.exitCode().number();
    }
}
