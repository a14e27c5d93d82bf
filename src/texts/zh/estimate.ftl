# 历史与估计：谁在何时采纳了什么，由此得出哪些参数。

## scenario/period.rs, scenario/history.rs

not-a-time = 不是时间
times-two-forms = 此处的时间是日期，别处是整数
times-months = YYYY-MM，或整数，所有表格一致
times-quarters = YYYY-Q1 至 YYYY-Q4，或整数，所有表格一致
times-years = 年份
times-days = YYYY-MM-DD，或整数，所有表格一致
item-ends-early = 早于风险期的第一期 { $first }
item-periods = 该项目的观察期数过多
item-domain = 有多个领域，须写明属于哪一个
item-twice = 已有同一编号的项目
no-item = 没有此编号的项目
until-not-after = 不晚于采纳时间 { $time }
adoptions-twice = 有 { $n } 处同一地方两次采纳同一项目（只列首次采纳；来源地不列）：{ $list }
gateway-adopts = { $kind } 不采纳
covariate-of-nothing = 协变量表须有 place 列、time 列或两者
covariate-twice = 有 { $n } 个值重复给出：{ $list }

## scenario/checks.rs, scenario/simulated.rs

coefficient-missing = 其他层有各自的系数，{ $layer } 没有
coefficients-and-beta = 不被使用：各层有自己的系数
standardise-tables = 只有来自表格的联系才有自己的权重
coefficients-linear = 多层各有系数时，模拟只支持线性响应
run-steps = 模拟有 { $n } 步
steps-allowed = 1 至 { $LONGEST_RUN } 步
firms-in-months = 企业以月为步
only-in-months = 此命令以月为步；其他步长可用于 `run`、`replay` 与 `estimate`
rule-without-place = 此规则需要距离，而有一张地方表没有 lon 与 lat

## experiment/given.rs

items-outside = 在 { $from } 至 { $to } 的模拟期内，没有项目有处于风险中的地方
items-outside-numbered = 模拟期内没有项目有处于风险中的地方，其步为 0（{ $from }）至 { $last }；时间是整数，因此从 `start` 起计步
items-unheard = 有 { $n } 个项目在模拟开始时没有最初采纳者，也没有自发率，因此不会有人首先采纳：{ $list }；请列出更早的采纳或来源地，或设定 line.intrinsic_rate
first-adopters-absent = { $n } 个最初采纳者在各地进入风险期时尚未启用（地方、项目）：{ $list }
covariates-unknown = 模拟需要的 { $n } 个值未知（协变量、地方、时期）：{ $list }

## inference/checks.rs, inference/terms.rs, inference/ground.rs, inference/search.rs

no-history = 此情景没有可用于估计的历史（`[history]`）
estimate-firms = 估计不含企业
estimate-several-layers = 若有多个层的系数，估计不含联盟、转口、线、圈与轴：它们所传递的同时取决于多个系数；请略去系数，或将 line.structures 设为 false
estimate-arrivals = 这里的片区有改革任务，而线也由片区所产生创新的流量形成，这些不是数据：请略去任务，或设为 false
estimate-steps = 从风险期的第一期到最后一期（或到情景结束）多于 { $most } 步；若联系有变化或地方有启用，历史须逐步告知引擎
estimate-closed = 有 { $n } 次采纳发生在风险期内但地方未启用时（项目、地方、期）：{ $list }
structures-unsettled = 线、圈与轴在估计值下的形成与其所取的邻近值下略有不同：未能找到两者一致的值，现取似然最大者
groups-one-item = 地方之间的差异要由多个项目来辨别：只有一个项目时，每个地方只有自己的一次采纳
groups-alone = 此项不能与残差、曲线、留出数据和置换同用
frailty-one-item = 项目之间的差异要由多个项目来辨别：只有一个项目时无从得知方差
cluster-beside-effects = 所估计的倍数不能与聚类标准误同用：各率是某一项目、地方或时期（基准）的率，聚类无法说明其离散程度；请去掉 --cluster，或改用随机的倍数（--frailty）
cluster-of-groups = 标准误只能按脆弱性所属的对象聚类；若其属于时期，则不能聚类
simulate-alone = 模拟的是模型本身，其各行独立且同质：请去掉 --cluster、--effects 与 --frailty
mcmc-alone = 从似然本身抽取只适用于相互独立、不含倍数的数据：请去掉 --cluster、--effects、--frailty
bootstrap-clusters = 重新抽取的是聚类：请指定 --cluster item、place 或 both
permutations-plain = 随时间变化的联系、启用或关闭的地方、复制推广与虹吸不作置换
parameters-one-strength = 单个联盟的强度与所有联盟的共同倍数不能同时估计
parameters-linear = 强度与加成只能在线性响应下估计；在其他响应下请用 --grid
estimate-candidates = 以下片区有采纳，却从未启用：{ $list }
exposure-too-large = { $place } 的暴露过大，无法计数；请用更大的单位度量权重
impossible-adoptions = 有 { $n } 次采纳在此模型下不可能发生：无可听闻者，也无自发风险（项目、地方、期）：{ $list }
no-adoption-at-risk = 风险期内没有任何采纳（{ $rows } 行），无从估计
items-idle = 有 { $n } 个项目没有处于风险中的地方：{ $list }
adoptions-too-early = 有 { $n } 次采纳早于该项目风险期的第一期：这些地方自该期起被听闻，采纳本身不计入
adoptions-too-late = 有 { $n } 次采纳晚于该项目的最后一期，不计入
rows-without-covariate = 有 { $n } 行因协变量未知而略去
no-maximum = 没有最大值：似然沿 { $list } 无止境地上升
no-convergence = 求最大值未能收敛，估计值可能不是最大值
too-few-clusters = 风险期内各行同属一个聚类，无从得知聚类之间的差异
other-clusters = 至少两个聚类；请改按其他方式聚类，或不聚类
no-parameter = 似然中没有这个参数
draws-not-normal = 似然在以下 { $n } 个参数上明显偏离正态分布，而抽取按正态进行；用 --mcmc 可从似然本身抽取：{ $list }
mcmc-apart = 各条链尚未充分一致：R̂ 为 { $r }，20,000 步的有效样本量 { $n }；draws.csv 可能有偏
draws-at-border = 有 { $n } 个率的估计值为 0，在所有抽取中都固定为 0，因此抽取低估了不确定性：{ $list }

## inference/curves.rs

no-curves = 没有曲线，因为所估计的模型不能模拟：{ $why }
curves-periods = 从风险期的第一期到最后一期多于 { $most } 期
curves-cells = 项目数乘以期数多于 { $most }
curves-unidentified = { $key } 不可识别
curves-covariate = 有协变量在某地某期未知

## inference/simulated.rs

no-simulated = 未在估计值处模拟历史：{ $why }
simulate-ends = 历史中有地方放弃项目（`until`），而 line.abandonment_rate 为 0，模型没有说明何时放弃

## experiment/replay

replay-impossible = 此历史在本模型下不可能发生：{ $place } 于 { $period } 采纳 { $item }，而当时其风险率为 0
replay-at-draw = 参数的第 { $draw } 次抽样：{ $why }
replay-other-history = 布局 { $layout } 改变了历史或其步长，只有世界可以不同
replay-not-repeated = 历史在其自身布局下没有重现，有 { $n } 次采纳不同；这是程序的错误

## cli/replay.rs

replay-head = 若布局不是 { $layout }，历史会如何，{ $n } 次重复：
replay-all = { $layout }：采纳次数 { $adopters }，历史共 { $adoptions } 次；采纳步数 { $steps }；{ $changed } % 的重复有所不同
replay-factual = { $layout } 就是历史发生时的布局：{ $n } 次重复中历史都原样重现，所有效应均为 0。
replay-factual-draws = { $layout } 就是历史发生时的布局：参数的 { $draws } 次抽样中历史都原样重现，所有效应均为 0。
replay-items = 项目，采纳步数：
replay-places = 地方，采纳步数：
replay-interval = { $mean }（{ $low } 至 { $high }）
replay-head-draws = 若布局不是 { $layout }，历史会如何，参数抽样 { $draws } 次，每次 { $n } 次重复：
replay-luck = { $difference }［随机性 { $low } 至 { $high }］
replay-of-luck = 区间来自在这些参数下对阈值的抽取。
replay-of-draws = 区间为可信区间：涵盖参数的各次抽样，并含随机性的误差。随机性区间只含后者，如同参数已知。
replay-coupling = 效应在一种耦合下陈述：一个地方对一个项目的阈值在所有布局下不变。没有这一耦合，数据不能说明单个地方会怎样（Oberst and Sontag 2019）。
replay-written = 表格：{ $path }

## cli/estimate.rs

hold-out-nothing = 用于拟合的风险行为 { $kept } 行，留出检验的为 { $held } 行；二者都不能为零：请换一部分
estimate-other-results = { $path } 中有其他结果，请用 --out 另指定文件夹
estimate-written = 表格：{ $path }
estimate-replaced = 表格（取代原有的）：{ $path }
estimate-unknown = 未知
estimate-data = 风险期 { $rows } 行，{ $adoptions } 次采纳；对数似然 { $loglik }
estimate-lr = LR { $lr }
estimate-test = LR { $lr }，p { $p }
estimate-test-small = LR { $lr }，p < 0.0001
estimate-term = { $name }：{ $estimate }（{ $low } 至 { $high }）
estimate-term-test = { $name }：{ $estimate }（{ $low } 至 { $high }；相对于 0：{ $test }）
estimate-no-maximum = 没有最大值：似然沿 { $list } 无止境地上升，例如仅凭一个协变量就能判定谁会采纳（完全分离）。其余结果均取于该极限；请给这些参数一个固定值，或略去其所属的变量。
estimate-unended = 求最大值未能收敛：以下结果可能尚未达到最大值，也不给出检验。
estimate-endless = { $name }：没有最大值；似然沿 { $keys } 无止境地上升
estimate-flat = { $name }：不可识别，似然与它无关
estimate-at-zero = { $name }：0（若各行独立则为 { $low } 至 { $high }；估计值为 0，聚类在此没有可用以换算区间的方差）
estimate-unexposed = { $name }：不可识别，风险期内没有任何一行暴露于它
estimate-together = { $name }：不可识别；数据只能将以下参数合在一起辨认：{ $keys }
estimate-about = { $name } { $estimate }，{ $low } 至 { $high }；{ $test }
estimate-contagion = 传染与无传染可以区分（{ $about }）。
estimate-no-contagion = 传染与无传染无法区分（{ $about }）。
estimate-contagion-open = 传染与无传染能否区分尚无定论：在聚类下，为 0 的率没有 p 值（{ $about }）。
estimate-several = { $about }；{ $n } 个率各在其余并存时检验，最小 p 值乘以 { $n } 为 { $p }
estimate-share = 按估计值，全部采纳中有 { $share } %（{ $low } 至 { $high } %）归因于传染（shares.csv）。
estimate-share-alone = 按估计值，全部采纳中有 { $share } % 归因于传染；因有率在所有抽取中固定为 0，没有区间（shares.csv）。
estimate-frailty = { $of ->
        [item] 项目
        [place] 地方
       *[period] 时期
    }之间存在模型未能解释的差异（{ $about }）。
estimate-no-frailty = { $of ->
        [item] 项目
        [place] 地方
       *[period] 时期
    }之间的差异与毫无差异无法区分（{ $about }）。
estimate-likeness = 仅凭风险率不能区分传染与相互听闻的地方之间未被观察到的相似（Shalizi and Thomas 2011）。
estimate-effects = 各率为 { $name } 的率，其倍数为 1；其余见 effects.csv{ $nothing ->
        [0] 。
       *[other] ；其中 { $nothing } 个从未或总是采纳，不提供信息。
    }
estimate-periods = 每个时期对全部风险率各有一个倍数，因此同时影响所有地方的因素在此不提供信息：辨别传染只凭同一时期内谁先采纳。
estimate-mcmc = 参数由四条马尔可夫链从似然本身抽取（平坦先验）：R̂ 不超过 { $r }，20,000 步的有效样本量不少于 { $n }。
estimate-bootstrap = 区间为对重新抽取的聚类所作 { $n } 次拟合的分位数{ $failed ->
        [0] 。
       *[other] ；另有 { $failed } 次搜索未收敛。
    }
estimate-grid = 网格中似然最大的是 { $key } = { $best }（{ $list }），估计值取于此。似然在阈值上有跳跃，因此不给出区间；模拟的历史（--simulate）可给出区间。
estimate-grid-flat = { $key }：不可识别，似然与它无关：网格各值处均为 { $loglik }。估计值取于情景原有的值。
estimate-set = 网格中似然最大的是 { $key } = { $best }（{ $list }），估计值取于此。模拟的历史不能将它与下列值区分：{ $inside }{ $open ->
        [yes] （该集合达到网格的一端，其外的情形未知）。
       *[no] 。
    }
estimate-simulated = 区间与传染的 p 值来自引擎在估计值处（p 值为无传染时）模拟的 { $n } 段历史，每段都重新估计{ $failed ->
        [0] 。
       *[other] ；其中 { $failed } 段未找到最大值，在两端都计入。
    }
grid-estimated = 此键本身就在估计之列，其剖面涵盖所有取值（--profiles）；请用 --parameters 指明其余要估计的参数，或换一个键
grid-at = 在此值处无法估计：
must-be-grid = 须为 键=起..止 或 键=值,值,…，均为数字
must-be-part = 须为 items=比例 或 places=比例（0 与 1 之间），或 last=期数
estimate-permutations = 在联系的 { $n } 次命名置换下，似然比有 { $reached } 次不小于原值（p { $p }）。
estimate-curves = 历史的采纳数在 { $n } 个点中的 { $inside } 个落在模拟带内。
estimate-model = { $model ->
        [estimated] 模型
        [constant_hazard] 常数风险率
        [bass] Bass
       *[cloglog] 互补双对数
    }
estimate-foretells = 对留出数据的预测优于朴素模型（平均对数得分 { $score }；{ $list }）。
estimate-foretells-not = 对留出数据的预测不优于朴素模型（平均对数得分 { $score }；{ $list }）。

## scenario/conform.rs: 必填键的含义

key-adoptions = 首次采纳的 CSV 表：`place`、`item`、`time`，来源终止时另有 `until`：自那时起不再被听闻。
key-items = 项目的 CSV 表：`item`、`first_risk` 与 `last`（地方处于风险中的第一期与最后一期）、`origin`（此前已有它的地方）、`domain`、`quality`、`name_en`、`name_zh`。
key-id-of-covariate = 固定编号，即表中的列名：小写字母、数字、`_`。
key-file-of-covariate = 含有该列的 CSV 表，并有 `place`、`time` 或两者；一张表可含多个协变量。
