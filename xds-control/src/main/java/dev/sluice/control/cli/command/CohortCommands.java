package dev.sluice.control.cli.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.Cohort;
import dev.sluice.admin.v1.EvaluateGateRequest;
import dev.sluice.admin.v1.GetCohortRequest;
import dev.sluice.admin.v1.TestCohortRequest;
import dev.sluice.admin.v1.UpdateCohortRequest;
import dev.sluice.control.cli.resource.Cohorts;
import dev.sluice.control.cli.session.Change;
import dev.sluice.control.cli.session.ChangeOptions;
import dev.sluice.control.cli.session.EtagOption;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.ReasonOption;
import dev.sluice.control.cli.session.Session;
import dev.sluice.control.cli.session.Trouble;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is done with cohorts beside the standard methods. For one run. */
@Command(name = "cohort", description = "Cohorts: named parts of the keys, for rules of gates.")
public final class CohortCommands {
    private static final Cohorts COHORTS = new Cohorts();

    private final Session session;

    public CohortCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Adds keys to a cohort or takes them out, in every gate that uses it.")
    int set(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--include",
                            split = ",",
                            paramLabel = "KEY",
                            description = "Keys that are in it from now on; KEY* for a prefix")
                    @Nullable List<String> include,
            @Option(
                            names = "--exclude",
                            split = ",",
                            paramLabel = "KEY",
                            description = "Keys that are not in it though they are included")
                    @Nullable List<String> exclude,
            @Option(
                            names = "--remove",
                            split = ",",
                            paramLabel = "KEY",
                            description = "Keys to take out of both lists")
                    @Nullable List<String> remove,
            @Option(names = "--allow-moves", description = "Even if keys of a gate move back by it")
                    boolean allowMoves,
            @Mixin EtagOption etag,
            @Mixin ReasonOption reason,
            @Mixin ChangeOptions options) {
        String full = Cohorts.SHAPE.expand(name);
        Cohort present =
                Cohorts.stub(session.channel())
                        .getCohort(GetCohortRequest.newBuilder().setName(full).build());
        Set<StringMatcher> included = new LinkedHashSet<>(present.getIncludeList());
        Set<StringMatcher> excluded = new LinkedHashSet<>(present.getExcludeList());
        for (String key : orNone(remove)) {
            boolean wasIn = included.remove(matcher(key));
            boolean wasOut = excluded.remove(matcher(key));
            if (!wasIn && !wasOut) {
                throw new Trouble(
                        ExitCode.INVALID,
                        "--remove",
                        "'" + key + "'",
                        "a key that " + full + " names",
                        "see: sluice cohort get " + name + " -o yaml");
            }
        }
        orNone(include).forEach(key -> included.add(matcher(key)));
        orNone(exclude).forEach(key -> excluded.add(matcher(key)));
        Change change = session.change(options);
        Cohort changed =
                Cohorts.stub(session.channel())
                        .updateCohort(
                                UpdateCohortRequest.newBuilder()
                                        .setCohort(
                                                Cohort.newBuilder()
                                                        .setName(full)
                                                        .setEtag(etag.or(present::getEtag))
                                                        .addAllInclude(included)
                                                        .addAllExclude(excluded))
                                        .setUpdateMask(
                                                FieldMask.newBuilder()
                                                        .addPaths("include")
                                                        .addPaths("exclude"))
                                        .setAllowMoves(allowMoves)
                                        .setReason(reason.text)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build());
        session.printer().one(changed, COHORTS.columns(session.words()));
        return ExitCode.OK.number();
    }

    @Command(description = "Tells whether a key is in a cohort, and why.")
    int test(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "KEY",
                            description = "Default: a request without a key")
                    @Nullable String key,
            @Mixin RequestOptions request) {
        EvaluateGateRequest asked = request.question("");
        var question =
                TestCohortRequest.newBuilder()
                        .setName(Cohorts.SHAPE.expand(name))
                        .setMethod(asked.getMethod())
                        .setPath(asked.getPath())
                        .addAllHeaders(asked.getHeadersList())
                        .setClientIdentity(asked.getClientIdentity());
        if (key != null) {
            question.setKey(ByteString.copyFromUtf8(key));
        } else if (asked.hasKey()) {
            question.setKey(asked.getKey());
        }
        var answer = Cohorts.stub(session.channel()).testCohort(question.build());
        session.printer()
                .answer(
                        answer,
                        List.of(
                                (answer.getMember() ? "in: " : "not in: ")
                                        + answer.getExplanation()));
        return ExitCode.OK.number();
    }

    private static StringMatcher matcher(String key) {
        return key.endsWith("*")
                ? StringMatcher.newBuilder().setPrefix(key.substring(0, key.length() - 1)).build()
                : StringMatcher.newBuilder().setExact(key).build();
    }

    private static List<String> orNone(@Nullable List<String> keys) {
        return keys == null ? List.of() : keys;
    }
}
