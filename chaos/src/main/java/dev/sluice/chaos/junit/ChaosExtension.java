package dev.sluice.chaos.junit;

import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Puts the faults that tests declare by {@link Toxic} and {@link GateFault} in their way, and takes
 * them back afterwards, whatever became of the test. Gives tests their {@link FaultyNetwork}. Of
 * tests that run in parallel, one that makes connections or a gate faulty has these for itself.
 */
public final class ChaosExtension
        implements BeforeTestExecutionCallback, AfterTestExecutionCallback, ParameterResolver {
    private static final Namespace OURS = Namespace.create(ChaosExtension.class);
    private static final String NETWORK = "network";
    private static final String LEASES = "leases";
    private static final String TURNS = "turns";

    /** For {@code @ExtendWith}. */
    public ChaosExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == FaultyNetwork.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return network(context);
    }

    /** That of the class when it has one, else one of this test; JUnit closes it. */
    private static FaultyNetwork network(ExtensionContext context) {
        return context.getStore(OURS)
                .getOrComputeIfAbsent(
                        NETWORK,
                        _ -> new FaultyNetwork(context.getUniqueId().hashCode() | 1L),
                        FaultyNetwork.class);
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        List<Toxic> toxics = declared(context, Toxic.class);
        List<GateFault> faults = declared(context, GateFault.class);
        FaultyNetwork network =
                toxics.isEmpty()
                        ? context.getStore(OURS).get(NETWORK, FaultyNetwork.class)
                        : network(context);
        List<String> gates = faults.stream().map(GateFault::gate).toList();
        context.getStore(OURS).put(TURNS, Turns.await(network, !toxics.isEmpty(), gates));
        if (network != null && !toxics.isEmpty()) {
            network.declare(toxics);
        }
        if (!faults.isEmpty()) {
            String run = UUID.randomUUID().toString().substring(0, 8);
            context.getStore(OURS)
                    .put(LEASES, GateLeases.take(faults, name -> variable(context, name), run));
        }
    }

    private static <A extends java.lang.annotation.Annotation> List<A> declared(
            ExtensionContext context, Class<A> type) {
        List<A> declared = new ArrayList<>();
        for (AnnotatedElement element :
                List.of(context.getRequiredTestClass(), context.getRequiredTestMethod())) {
            declared.addAll(AnnotationSupport.findRepeatableAnnotations(element, type));
        }
        return declared;
    }

    private static Optional<String> variable(ExtensionContext context, String name) {
        return context.getConfigurationParameter(name)
                .or(() -> Optional.ofNullable(System.getProperty(name)))
                .or(() -> Optional.ofNullable(System.getenv(name)));
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        List<String> wrong = new ArrayList<>();
        try (Turns _ = context.getStore(OURS).remove(TURNS, Turns.class)) {
            GateLeases leases = context.getStore(OURS).remove(LEASES, GateLeases.class);
            if (leases != null) {
                try (leases) {
                    wrong.addAll(leases.unproved());
                    wrong.addAll(leases.end());
                }
            }
            if (!declared(context, Toxic.class).isEmpty()) {
                wrong.addAll(network(context).heal());
            }
        }
        if (!wrong.isEmpty() && context.getExecutionException().isEmpty()) {
            throw new AssertionError("the test has proved nothing: " + String.join("; ", wrong));
        }
    }
}
