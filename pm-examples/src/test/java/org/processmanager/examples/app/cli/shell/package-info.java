@org.jspecify.annotations.NullMarked
package org.processmanager.examples.app.cli.shell;
