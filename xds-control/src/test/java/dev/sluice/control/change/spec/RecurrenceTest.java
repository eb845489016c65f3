package dev.sluice.control.change.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Problems;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RecurrenceTest {
    /** A Monday. */
    private static final LocalDate START = LocalDate.parse("2026-11-02");

    @Test
    void days_follow_the_rule() {
        assertThat(days("FREQ=DAILY", 3)).containsExactly("2026-11-02", "2026-11-03", "2026-11-04");
        assertThat(days("FREQ=DAILY;INTERVAL=10", 3))
                .containsExactly("2026-11-02", "2026-11-12", "2026-11-22");
        assertThat(days("FREQ=DAILY;BYMONTH=12", 2)).containsExactly("2026-12-01", "2026-12-02");
        assertThat(days("FREQ=WEEKLY", 2)).containsExactly("2026-11-02", "2026-11-09");
        assertThat(days("FREQ=WEEKLY;BYDAY=TU,TH", 3))
                .containsExactly("2026-11-03", "2026-11-05", "2026-11-10");
        assertThat(days("FREQ=MONTHLY", 2)).containsExactly("2026-11-02", "2026-12-02");
        assertThat(days("FREQ=MONTHLY;BYMONTHDAY=-1", 3))
                .containsExactly("2026-11-30", "2026-12-31", "2027-01-31");
        assertThat(days("FREQ=MONTHLY;BYDAY=-1FR", 2)).containsExactly("2026-11-27", "2026-12-25");
        assertThat(days("FREQ=MONTHLY;BYDAY=2TU", 2)).containsExactly("2026-11-10", "2026-12-08");
        assertThat(days("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", 2))
                .containsExactly("2026-11-13", "2027-08-13");
        assertThat(days("FREQ=YEARLY", 2)).containsExactly("2026-11-02", "2027-11-02");
        assertThat(days("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24,25", 3))
                .containsExactly("2026-12-24", "2026-12-25", "2027-12-24");
        assertThat(days("FREQ=YEARLY;BYMONTH=1,3", 3))
                .containsExactly("2027-01-02", "2027-03-02", "2028-01-02");
        assertThat(days("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", 2))
                .containsExactly("2026-11-26", "2027-11-25");
    }

    /** The example of RFC 5545, 3.3.10, for what WKST changes. */
    @Test
    void the_first_day_of_the_week_parts_weeks() {
        LocalDate start = LocalDate.parse("1997-08-05");

        assertThat(days(start, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", 4))
                .containsExactly("1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24");
        assertThat(days(start, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", 4))
                .containsExactly("1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31");
    }

    @Test
    void what_is_no_rule_is_told_with_all_its_problems() {
        for (String rule :
                List.of(
                        "",
                        "FREQ=HOURLY",
                        "FREQ=DAILY;COUNT=3",
                        "FREQ=DAILY;UNTIL=20261224",
                        "FREQ=DAILY;INTERVAL=0",
                        "FREQ=DAILY;FREQ=DAILY",
                        "FREQ=YEARLY;BYMONTH=13",
                        "FREQ=MONTHLY;BYMONTHDAY=32",
                        "FREQ=MONTHLY;BYMONTHDAY=0",
                        "FREQ=MONTHLY;BYDAY=6MO",
                        "FREQ=WEEKLY;BYDAY=2MO",
                        "FREQ=YEARLY;BYDAY=2MO",
                        "FREQ=WEEKLY;BYMONTHDAY=1",
                        "FREQ=WEEKLY;WKST=XX",
                        "nonsense")) {
            Problems problems = Problems.root();

            assertThat(Recurrence.parse(rule, problems)).as(rule).isEmpty();
            assertThat(problems.all()).as(rule).isNotEmpty();
        }
        Problems several = Problems.root();
        var unused = Recurrence.parse("FREQ=NEVER;INTERVAL=x;BYDAY=ZZ", several);
        assertThat(several.all()).hasSize(3);
    }

    private static List<String> days(String rule, int count) {
        return days(START, rule, count);
    }

    private static List<String> days(LocalDate start, String rule, int count) {
        Recurrence recurrence = Recurrence.parse(rule, Problems.root()).orElseThrow();
        assertThat(recurrence.isOn(start, start.minusYears(1))).as("before the start").isFalse();
        return Stream.iterate(start, day -> day.plusDays(1))
                .filter(day -> recurrence.isOn(start, day))
                .limit(count)
                .map(LocalDate::toString)
                .toList();
    }
}
