package org.processmanager.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {
    private static final Pattern SVG = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL);

    private final String page = HtmlReport.of(Reports.example());

    @Test
    void of_needsNothingFromElsewhere() {
        for (String reference : List.of("http:", "https:", "src=", "@import", "url(", "<link", "<script")) {
            assertFalse(page.contains(reference), reference);
        }
    }

    @Test
    void of_showsABarForEachCandidateWithAFigure() throws Exception {
        List<String> charts =
                SVG.matcher(page).results().map(match -> match.group()).toList();
        assertEquals(2, charts.size(), "near and far");
        assertEquals(List.of("c-limit", "ours", "peer<1>", "slow"), names(charts.get(0)), "the best on top");
        assertEquals(4, bars(charts.get(0)).getLength());
        assertEquals(List.of("peer<1>"), names(charts.get(1)));
    }

    @Test
    void of_drawsLongerBarsForMore() throws Exception {
        NodeList bars =
                bars(SVG.matcher(page).results().findFirst().orElseThrow().group());
        double last = 0;
        for (int i = 0; i < bars.getLength(); i++) {
            double width = Double.parseDouble(((Element) bars.item(i)).getAttribute("width"));
            assertTrue(width > last, "bar " + i + ": " + width);
            last = width;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<section id=\"spawn\">",
                "programs &amp; their ends",
                "broken failed: exit code &quot;3&quot;",
                "2 x Example",
                "./pm bench spawn --quick",
                "peer&lt;1&gt;: peer 1.0, no JVM flag",
                "ours 3.00x",
                "processors near each other"
            })
    void of_says(String text) {
        assertTrue(page.contains(text), page);
    }

    private static List<String> names(String svg) throws Exception {
        NodeList texts = parse(svg).getElementsByTagName("text");
        return IntStream.range(0, texts.getLength())
                .mapToObj(i -> (Element) texts.item(i))
                .filter(text -> text.getAttribute("class").startsWith("name"))
                .map(Element::getTextContent)
                .collect(Collectors.toList());
    }

    private static NodeList bars(String svg) throws Exception {
        return parse(svg).getElementsByTagName("rect");
    }

    private static Element parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)))
                .getDocumentElement();
    }
}
