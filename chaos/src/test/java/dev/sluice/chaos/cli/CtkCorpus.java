package dev.sluice.chaos.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Experiments of the Chaos Toolkit, each about one thing that decides how a run ends. {@code $f} is
 * a folder of the run's own: the fault makes a file {@code fault} there, and the steady state is
 * that there is no file {@code broken}.
 */
final class CtkCorpus {
    private static final String WHOLE = probe("whole", "test ! -e $f/broken", "0");
    private static final String FAULT = action("fault", "touch $f/fault");
    private static final String BREAK = action("break", "touch $f/broken");
    private static final String MEND = action("mend", "rm $f/broken");
    private static final String HEAL = action("heal", "rm -f $f/fault");
    private static final String FAILS = action("fails", "exit 7");
    private static final String NOBODY =
            """
            {"type":"action","name":"nobody","provider":{"type":"http","url":"http://127.0.0.1:1/","timeout":1}}\
            """;

    private static final String WORD = ",\"configuration\":{\"word\":\"yes\"}";

    private final Map<String, String> files = new LinkedHashMap<>();

    private CtkCorpus() {}

    private static String shell(String command) {
        return """
        {"type":"process","path":"sh","arguments":["-c","%s"]}\
        """
                .formatted(command);
    }

    private static String action(String name, String command) {
        return """
        {"type":"action","name":"%s","provider":%s}\
        """
                .formatted(name, shell(command));
    }

    private static String probe(String name, String command, String tolerance) {
        return """
        {"type":"probe","name":"%s","tolerance":%s,"provider":%s}\
        """
                .formatted(name, tolerance, shell(command));
    }

    private static String with(String activity, String field) {
        return activity.replaceFirst("\\{", "{" + field + ",");
    }

    private void add(String name, String hypothesis, String method, String rest) {
        String state =
                hypothesis.isEmpty()
                        ? ""
                        : "\"steady-state-hypothesis\":{\"title\":\"s\",\"probes\":["
                                + hypothesis
                                + "]},";
        files.put(
                name,
                "{\"title\":\"%s\",\"description\":\"d\",%s\"method\":[%s]%s}"
                        .formatted(name, state, method, rest));
    }

    private void add(String name, String method, String rest) {
        add(name, WHOLE, method, rest);
    }

    private static String brokenFor(double seconds) {
        return with(BREAK, "\"pauses\":{\"after\":%s}".formatted(seconds))
                + ","
                + MEND
                + ","
                + FAULT;
    }

    private static String rollbacks(String... activities) {
        return ",\"rollbacks\":[" + String.join(",", activities) + "]";
    }

    private static String runtime(String part, String strategy) {
        return ",\"runtime\":{\"%s\":{\"strategy\":\"%s\"}}".formatted(part, strategy);
    }

    /** Texts of the files by name, {@code $f} in them still a variable. */
    static Map<String, String> files() {
        CtkCorpus corpus = new CtkCorpus();
        corpus.verdicts();
        corpus.strategies();
        corpus.besideTheMethod();
        corpus.optionsOfTheCommandLine();
        corpus.tolerances();
        corpus.values();
        corpus.tolerancesOfVariables();
        corpus.unanswered();
        return corpus.files;
    }

    private void verdicts() {
        String never = probe("never", "exit 1", "0");
        add("passes", FAULT, rollbacks(HEAL));
        add("passes without rollbacks", FAULT, "");
        add("passes without a steady state", "", FAULT, rollbacks(HEAL));
        add("is not steady before", never, FAULT, rollbacks(HEAL));
        add("the action fails", FAILS, rollbacks(HEAL));
        add("nobody hears the action", NOBODY, rollbacks(HEAL));
        add("the second action fails", FAULT + "," + FAILS, rollbacks(HEAL));
        add("the rollback fails", FAULT, rollbacks(FAILS));
        add("the first rollback fails", FAULT, rollbacks(FAILS, HEAL));
        add("nobody hears the rollback", FAULT, rollbacks(NOBODY));
        add("breaks meanwhile only", FAULT + "," + BREAK + "," + MEND, rollbacks(HEAL));
        add("is broken after", FAULT + "," + BREAK, rollbacks(HEAL));
        add("is mended by the rollback", FAULT + "," + BREAK, rollbacks(MEND, HEAL));
        add("has an empty method", "", "");
        add("has probes only", probe("looks", "true", "0"), "");
        add("a probe of the method misses", FAULT + "," + probe("misses", "exit 1", "0"), "");
        add("runs in the background", with(FAULT, "\"background\":true"), rollbacks(HEAL));
        add("pauses", with(FAULT, "\"pauses\":{\"before\":0.01,\"after\":0.01}"), rollbacks(HEAL));
        add("refers to an activity", FAULT + ",{\"ref\":\"whole\"}", rollbacks(HEAL));
        add("two probes, the second misses", WHOLE + "," + never, FAULT, rollbacks(HEAL));
    }

    private void strategies() {
        for (String strategy : new String[] {"always", "never", "deviated", "default"}) {
            String rest = rollbacks(HEAL) + runtime("rollbacks", strategy);
            add("rollbacks " + strategy + ", broken after", FAULT + "," + BREAK, rest);
        }
        for (String strategy :
                new String[] {"before-method-only", "after-method-only", "skip", "default"}) {
            String rest = rollbacks(HEAL) + runtime("hypothesis", strategy);
            add("hypothesis " + strategy + ", broken after", FAULT + "," + BREAK, rest);
        }
        add(
                "hypothesis after-method-only, broken before",
                probe("fault is on", "test -e $f/fault", "0"),
                FAULT,
                rollbacks(HEAL) + runtime("hypothesis", "after-method-only"));
    }

    /** Looks beside the method, on files whose steady state breaks meanwhile, or for good. */
    private void besideTheMethod() {
        for (String strategy : new String[] {"during-method-only", "continuously"}) {
            String rest = rollbacks(HEAL) + runtime("hypothesis", strategy);
            add("hypothesis " + strategy + ", broken meanwhile", brokenFor(0.1), rest);
            add("hypothesis " + strategy + ", broken after", FAULT + "," + BREAK, rest);
        }
        String background = with(FAULT, "\"background\":true");
        add("two in the background", background + "," + with(BREAK, "\"background\":true"), "");
        add("a rollback in the background", FAULT, rollbacks(with(HEAL, "\"background\":true")));
        add("fails in the background", with(FAILS, "\"background\":true"), rollbacks(HEAL));
    }

    private void optionsOfTheCommandLine() {
        String rest = rollbacks(HEAL);
        String never = probe("never", "exit 1", "0");
        for (String strategy : new String[] {"during-method-only", "continuously"}) {
            String looks = " --hypothesis-frequency 0.05 --hypothesis-strategy " + strategy;
            option(looks, WHOLE, brokenFor(0.1), rest);
            option(" --fail-fast" + looks, WHOLE, brokenFor(2), rest);
        }
        option(
                " --fail-fast --rollback-strategy always --hypothesis-frequency 0.05"
                        + " --hypothesis-strategy continuously",
                WHOLE,
                brokenFor(2),
                rest);
        option(" --fail-fast", WHOLE, brokenFor(0.1), rest);
        for (String dry : new String[] {"probes", "actions", "activities", "pause"}) {
            option(" --dry " + dry, WHOLE, FAULT + "," + BREAK, rest);
            option(" --dry " + dry, never, with(FAULT, "\"pauses\":{\"before\":0.1}"), rest);
        }
        for (String strategy : new String[] {"always", "never", "deviated", "default"}) {
            option(" --rollback-strategy " + strategy, WHOLE, FAULT + "," + BREAK, rest);
        }
        option(" --var word=no", probe("asks", "test ${word} = yes", "0"), FAULT, WORD + rest);
    }

    /** A file whose name ends with the options of its run. */
    private void option(String options, String hypothesis, String method, String rest) {
        String about = hypothesis.equals(WHOLE) ? "whole" : "asks";
        add(about + " with" + options, hypothesis, method, rest);
    }

    /** What a run of a file is given on the command line, in both runners. */
    static List<String> options(String name) {
        int at = name.indexOf(" with --");
        return at < 0 ? List.of() : List.of(name.substring(at + " with ".length()).split(" ", -1));
    }

    private void tolerances() {
        tolerance("integer met", "exit 3", "3");
        tolerance("integer missed", "exit 3", "4");
        tolerance("list met", "exit 3", "[1,3]");
        tolerance("list missed", "exit 3", "[1,4]");
        tolerance(
                "regex met",
                "echo abc",
                "{\"type\":\"regex\",\"target\":\"stdout\",\"pattern\":\"b.\"}");
        tolerance(
                "regex missed",
                "echo abc",
                "{\"type\":\"regex\",\"target\":\"stdout\",\"pattern\":\"^b\"}");
        tolerance(
                "range met",
                "echo 5",
                "{\"type\":\"range\",\"target\":\"stdout\",\"range\":[4,5]}");
        tolerance(
                "range missed",
                "echo 6",
                "{\"type\":\"range\",\"target\":\"stdout\",\"range\":[4,5]}");
    }

    private void tolerance(String name, String command, String tolerance) {
        add("tolerance " + name, probe("asks", command, tolerance), FAULT, rollbacks(HEAL));
    }

    private void values() {
        String literal = ",\"configuration\":{\"word\":\"yes\"}";
        String missing =
                ",\"configuration\":{\"word\":{\"type\":\"env\",\"key\":\"SLUICE_NONE\",\"default\":\"yes\"}}";
        String asks = probe("asks", "test $word = yes", "0");
        add("a literal variable", asks, FAULT, literal + rollbacks(HEAL));
        add("a variable by default", asks, FAULT, missing + rollbacks(HEAL));
        add("another value", asks, FAULT, literal.replace("yes", "no") + rollbacks(HEAL));
    }

    /** Each variable stands where a tolerance takes one. */
    private void tolerancesOfVariables() {
        ofVariable("whole number", "exit 3", "\"${v}\"", "3");
        ofVariable("whole number, missed", "exit 3", "\"${v}\"", "4");
        ofVariable("text of a number", "exit 3", "\"${v}\"", "\"3\"");
        ofVariable("list", "exit 3", "\"${v}\"", "[1,3]");
        ofVariable("pattern", "echo abc", regex("^${v}c"), "\"ab\"");
        ofVariable("pattern, missed", "echo abc", regex("^${v}$"), "\"ab\"");
        ofVariable("expected value", "echo '{\\\"a\\\":5}'", atPath("$.a", "\"${v}\""), "5");
        ofVariable("expected text", "echo '{\\\"a\\\":5}'", atPath("$.a", "\"${v}\""), "\"5\"");
        String typed =
                "{\"type\":\"env\",\"key\":\"SLUICE_NONE\",\"default\":\"3\",\"env_var_type\":\"int\"}";
        ofVariable("default with a type", "exit 3", "\"${v}\"", typed);
        tolerance("of a program that says no", "exit 0", judged("exit 1"));
        tolerance("at a member that is not there", "exit 0", atPath("$.status", "0", "nothing"));
    }

    /** The probe has no answer once the fault is on. */
    private void unanswered() {
        String late =
                """
                {"type":"probe","name":"late","tolerance":0,"provider":{"type":"process",
                 "path":"sh","arguments":["-c","test ! -e $f/fault || exec sleep 9"],"timeout":0.5}}\
                """;
        for (String strategy : new String[] {"default", "deviated"}) {
            add(
                    "no answer after, rollbacks " + strategy,
                    late,
                    FAULT,
                    rollbacks(HEAL) + runtime("rollbacks", strategy));
        }
    }

    private void ofVariable(String name, String command, String tolerance, String value) {
        add(
                "tolerance of a variable, " + name,
                probe("asks", command, tolerance),
                FAULT,
                ",\"configuration\":{\"v\":" + value + "}" + rollbacks(HEAL));
    }

    private static String regex(String pattern) {
        return "{\"type\":\"regex\",\"target\":\"stdout\",\"pattern\":\"%s\"}".formatted(pattern);
    }

    private static String atPath(String path, String expect) {
        return atPath(path, expect, "stdout");
    }

    private static String atPath(String path, String expect, String target) {
        return "{\"type\":\"jsonpath\",\"target\":\"%s\",\"path\":\"%s\",\"expect\":%s}"
                .formatted(target, path, expect);
    }

    /** A program as judge; it gets the answer as an argument, which this one does not look at. */
    private static String judged(String command) {
        return """
        {"type":"probe","name":"judges","provider":{"type":"process","path":"sh","arguments":{"-c":"%s"}}}\
        """
                .formatted(command);
    }
}
