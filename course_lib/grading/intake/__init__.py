"""From whatever a teacher downloads to files with an owner. Nothing of what students wrote is run or parsed here.

    archives   zip files, unpacked under names of our own
    items      every file of a folder, through archives, with the names that lead to it
    layouts    what the names say: whose file, of which lesson, which attempt
    times      when it was handed in: timestamp.txt, the last commit
"""
