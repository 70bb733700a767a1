/** Figures made of what the forks told, and the reports that show them: a table, JSON, a page. */
package org.processmanager.benchmarks.report;
