package dev.sluice.testkit.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What code that runs on an event loop may not call, and what to write instead: one blocked loop
 * stops every connection that it owns.
 */
public final class EventLoopCalls {
    /**
     * A kind of call.
     *
     * @param owner the class called, or one of its supertypes
     * @param methods names of its methods
     * @param instead what to write, in a few words
     */
    private record Banned(String owner, Pattern methods, String instead) {
        Banned(String owner, String methods, String instead) {
            this(owner, Pattern.compile(methods), instead);
        }

        boolean bans(CodeUnitCallTarget target) {
            return methods.matcher(target.getName()).matches()
                    && target.getOwner().isAssignableTo(owner);
        }
    }

    private static final String LISTENER = "add a listener, or thenAccept";
    private static final String TICKER = "the loop's own ticker";
    private static final String OWNER = "one owner thread and execute(…)";
    private static final String DISK = "the configuration thread, or the log's writer thread";

    private static final List<Banned> BANNED =
            List.of(
                    new Banned("java.lang.Thread", "sleep|join|yield", "schedule(…) on the loop"),
                    new Banned("java.util.concurrent.Future", "get|join|resultNow", LISTENER),
                    new Banned("io.netty.util.concurrent.Future", "(await|sync).*", LISTENER),
                    new Banned("java.util.concurrent.CountDownLatch", "await", LISTENER),
                    new Banned("java.util.concurrent.BlockingQueue", "put|take", "offer and poll"),
                    new Banned("java.util.concurrent.Semaphore", "acquire.*", "tryAcquire"),
                    new Banned("java.util.concurrent.locks.Lock", "lock.*", OWNER),
                    new Banned("java.util.concurrent.locks.LockSupport", "park.*", OWNER),
                    new Banned("java.lang.System", "nanoTime|currentTimeMillis", TICKER),
                    new Banned("java.time.Instant", "now", "the clock that was injected"),
                    new Banned("java.time.Clock", "system.*", "the clock that was injected"),
                    new Banned("java.nio.file.Files", ".*", DISK),
                    new Banned("java.io.FileInputStream", ".*", DISK),
                    new Banned("java.io.FileOutputStream", ".*", DISK),
                    new Banned(
                            "java.net.InetAddress",
                            "getByName|getAllByName|getHostName|getCanonicalHostName|isReachable",
                            "the resolver of the configuration thread"));

    private EventLoopCalls() {}

    /**
     * The rule for packages whose code runs on event loops.
     *
     * @param packages as ArchUnit writes them, such as {@code dev.sluice.proxy.codec..}
     */
    public static ArchRule in(String... packages) {
        return classes()
                .that()
                .resideInAnyPackage(packages)
                .should(neverBlock())
                .because("an event loop never blocks (docs/threading.md)");
    }

    private static ArchCondition<JavaClass> neverBlock() {
        return new ArchCondition<JavaClass>("never block or ask the machine for the time") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getCodeUnits().stream()
                        .filter(unit -> unit.getModifiers().contains(JavaModifier.SYNCHRONIZED))
                        .forEach(unit -> violated(events, unit, "is synchronized", OWNER));
                type.getCodeUnitCallsFromSelf()
                        .forEach(call ->
                                banned(call.getTarget())
                                        .ifPresent(banned ->
                                                violated(
                                                        events,
                                                        call.getOrigin(),
                                                        "calls " + call.getTarget().getFullName(),
                                                        banned.instead())));
            }
        };
    }

    private static Optional<Banned> banned(CodeUnitCallTarget target) {
        return BANNED.stream().filter(banned -> banned.bans(target)).findFirst();
    }

    private static void violated(
            ConditionEvents events, JavaCodeUnit unit, String what, String instead) {
        String sentence = "%s %s; use %s".formatted(unit.getFullName(), what, instead);
        events.add(SimpleConditionEvent.violated(unit, sentence));
    }
}
