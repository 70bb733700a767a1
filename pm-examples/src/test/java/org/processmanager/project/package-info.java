/** Tests of the project as a whole: its documents, its start script, its record of scenarios. */
package org.processmanager.project;
